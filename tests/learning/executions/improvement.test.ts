import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { drawNormal } from '../../algorithms/distributions.ts'
import { clockedStore } from '../clocked-store.ts'

const AGENTS = 400
const random = seededRandom(14, 'improvement')

/** The share of agents that are said to have improved, with the reward of each experience from `draw`. */
function shareImproved(experiences: number, draw: (i: number) => number): number {
  const { store, connection } = clockedStore()
  let improved = 0
  for (let one = 0; one < AGENTS; one++) {
    const agent = store.agent(`agent-${one}`)
    agent.learnMany(
      Array.from({ length: experiences }, (_, i) => ({ state: 's', action: 'a', reward: draw(i), terminated: true })),
    )
    if (agent.getStatistics().improved) improved++
  }
  connection.close()
  return improved / AGENTS
}

test.each([
  ['0 or 1, half of them 1', () => (random.next() < 0.5 ? 1 : 0)],
  ['0 or 1, a tenth of them 1', () => (random.next() < 0.1 ? 1 : 0)],
  ['normal', () => drawNormal(random)],
  ['-1 per step until a goal is reached', () => Math.ceil(Math.log1p(-random.next()) / 0.1)],
])('of the agents that cannot improve, about 5 in 100 are said to have improved (rewards %s)', (_, draw) => {
  for (const experiences of [10, 21, 30, 40, 80]) {
    // Three standard errors above 5 %.
    expect(shareImproved(experiences, draw)).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / AGENTS))
  }
})

test('an improvement from 30 to 80 % success is noticed in more than 9 of 10 agents', () => {
  expect(shareImproved(60, (i) => (random.next() < (i < 30 ? 0.3 : 0.8) ? 1 : 0))).toBeGreaterThan(0.9)
})
