// That Dyna-Q solves the maze in few episodes is in tests/environments/statistical.test.ts.
import { expect, test } from 'vitest'
import { drawOutcome, planningStep, triedPairs } from '../../src/algorithms/dyna.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { addTransitions, NOTHING_COUNTED } from '../../src/algorithms/transition-counts.ts'
import { valueIteration } from '../../src/algorithms/value-iteration.ts'

const counts = addTransitions(NOTHING_COUNTED, [
  { stateKey: 's', actionKey: 'go', reward: 1, nextStateKey: 't', terminated: false },
  { stateKey: 't', actionKey: 'win', reward: 0, nextStateKey: 'end', terminated: true, count: 3 },
  { stateKey: 't', actionKey: 'win', reward: 8, nextStateKey: 'end', terminated: true },
])
const pairs = triedPairs(counts)

test('a planning step is the Q-learning update of an observed pair', () => {
  const values = new Map([['t', new Map([['win', 10]])]])
  const next = (u: number): { next: () => number; state: () => string } => ({ next: () => u, state: () => '' })
  const options = { discount: 0.5, stepSize: 0.5 }
  const valuesOf = (key: string): ReadonlyMap<string, number> => values.get(key) ?? new Map()
  // 0 + .5 * (1 + .5 * 10 - 0); and 10 + .5 * (8 - 10): 0.99 draws the last pair and its last outcome.
  expect(planningStep(pairs, valuesOf, { ...options, random: next(0) })).toEqual({
    stateKey: 's',
    actionKey: 'go',
    value: 3,
  })
  expect(planningStep(pairs, valuesOf, { ...options, random: next(0.99) })).toMatchObject({ stateKey: 't', value: 9 })
})

test('outcomes are drawn in proportion to their counts', () => {
  const random = seededRandom(1, 'outcomes')
  const outcomes = pairs[1]?.outcomes ?? []
  const wins = Array.from({ length: 10_000 }, () => drawOutcome(outcomes, random).reward).filter(
    (reward) => reward === 8,
  )
  // Binomial(10^4, 1/4) has a standard deviation of 43.3; 5 of them are allowed.
  expect(Math.abs(wins.length - 2500)).toBeLessThan(217)
})

test('planning with small steps converges to the values of value iteration', () => {
  const random = seededRandom(1, 'planning')
  const values = new Map<string, Map<string, number>>([
    ['s', new Map()],
    ['t', new Map()],
  ])
  for (let i = 0; i < 20_000; i++) {
    const options = { discount: 0.9, stepSize: 1 / (1 + i / 20), random }
    const { stateKey, actionKey, value } = planningStep(pairs, (key) => values.get(key) ?? new Map(), options)
    values.get(stateKey)?.set(actionKey, value)
  }
  const exact = valueIteration(counts, { discount: 0.9 })
  expect(exact.stateValues.get('t')).toBe(2)
  expect(values.get('t')?.get('win')).toBeCloseTo(2, 0)
  expect(values.get('s')?.get('go')).toBeCloseTo(2.8, 0)
})
