// The "Statistical" rows of the known results for bandits without and with context. Thompson sampling is measured through a
// store, in tests/learning/known-results. Every generator has seed 1: no seed was searched for.
import { describe, expect, test } from 'vitest'
import { bernoulliBandit, testbedBandit } from '../../examples/environments/bandits.ts'
import { argMaxima, drawIndex, epsilonGreedy, ucb1 } from '../../src/algorithms/exploration.ts'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import { momentsOf } from '../../src/algorithms/statistics.ts'
import { sampleAverageStepSize } from '../../src/algorithms/step-sizes.ts'
import { step } from '../../src/algorithms/value-learning.ts'

const SEED = 1

/** Sample averages of the rewards of each arm, and the probabilities that a policy gives to the arms. */
class Player {
  readonly #values: number[]
  readonly #visits: number[]
  readonly #policy: (values: readonly number[], visits: readonly number[]) => readonly number[]

  constructor(arms: number, policy: (values: readonly number[], visits: readonly number[]) => readonly number[]) {
    this.#values = Array.from({ length: arms }, () => 0)
    this.#visits = Array.from({ length: arms }, () => 0)
    this.#policy = policy
  }

  choose(random: Random): number {
    return drawIndex(this.#policy(this.#values, this.#visits), random.next())
  }

  learn(arm: number, reward: number): void {
    const value = this.#values[arm] ?? 0
    const visits = (this.#visits[arm] ?? 0) + 1
    this.#values[arm] = step(value, reward - value, sampleAverageStepSize(visits))
    this.#visits[arm] = visits
  }
}

const greedyPlayer = (arms: number, epsilon: number): Player =>
  new Player(arms, (values) => epsilonGreedy(values, epsilon))

const ucbPlayer = (arms: number, scale?: number): Player =>
  new Player(arms, (values, visits) => epsilonGreedy(ucb1(values, visits, scale), 0))

/**
 * Upper bound of the expected regret of UCB1 with scale sqrt(2). Auer, Cesa-Bianchi & Fischer (2002), theorem 1.
 * @param means of the arms, rewards in [0, 1], shape [A]. @param horizon number of pulls.
 */
function ucb1RegretBound(means: readonly number[], horizon: number): number {
  const gaps = means.map((mean) => Math.max(...means) - mean).filter((gap) => gap > 0)
  return gaps.reduce((sum, gap) => sum + (8 * Math.log(horizon)) / gap + (1 + Math.PI ** 2 / 3) * gap, 0)
}

describe('10-armed testbed: share of 500 runs that take the best arm in step 1000, sample averages', () => {
  test.each<[string, () => Player, expected: number, tolerance: number]>([
    ['greedy', () => greedyPlayer(10, 0), 37, 6],
    ['epsilon .1', () => greedyPlayer(10, 0.1), 80, 6],
    ['epsilon .01', () => greedyPlayer(10, 0.01), 59, 6],
    ['UCB c=2', () => ucbPlayer(10, 2), 86, 5],
  ])('%s', (name, create, expected, tolerance) => {
    const hits = Array.from({ length: 500 }, (_, run) => {
      const random = seededRandom(SEED, `testbed ${name} ${run}`)
      const bandit = testbedBandit(random)
      const player = create()
      let arm = 0
      for (let t = 0; t < 1000; t++) {
        arm = player.choose(random)
        player.learn(arm, bandit.step(0, arm, random).reward)
      }
      return argMaxima(bandit.means).includes(arm) ? 100 : 0
    })
    const share = momentsOf(hits).mean
    expect(Math.abs(share - expected), `${share} %`).toBeLessThan(tolerance)
  })
})

test('UCB1 with arms .9 and .6 regrets 47.2 after 10^4 pulls (100 runs), below its bound of 246.9', () => {
  const bandit = bernoulliBandit([0.9, 0.6])
  const regrets = Array.from({ length: 100 }, (_, run) => {
    const random = seededRandom(SEED, `regret UCB1 ${run}`)
    const player = ucbPlayer(2)
    let regret = 0
    for (let t = 0; t < 10_000; t++) {
      const arm = player.choose(random)
      regret += 0.9 - (bandit.means[arm] ?? 0)
      player.learn(arm, bandit.step(0, arm, random).reward)
    }
    return regret
  })
  const { mean } = momentsOf(regrets)
  expect(Math.abs(mean - 47.2), `${mean}`).toBeLessThan(8)
  // Auer et al. (2002), theorem 1: 8 ln(10^4) / .3 + (1 + pi^2/3) * .3.
  const bound = ucb1RegretBound(bandit.means, 10_000)
  expect(bound).toBeCloseTo(246.9, 1)
  expect(mean).toBeLessThan(bound)
})
