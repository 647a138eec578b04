// The rows under "Statistical" of the known results that are about bandits. Generators have seed 1 throughout: no seed was searched for.
import { describe, expect, test } from 'vitest'
import { bernoulliBandit, testbedBandit } from '../../examples/environments/bandits.ts'
import { linearBandit } from '../../examples/environments/contextual-bandit.ts'
import { type Arm, pulled, UNTRIED_ARM, ucb1RegretBound } from '../../src/algorithms/bandits.ts'
import { argMaxima, drawIndex, epsilonGreedy, ucb1 } from '../../src/algorithms/exploration.ts'
import { linearArm, linearArmUpdated, linUcb } from '../../src/algorithms/lin-ucb.ts'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import { momentsOf } from '../../src/algorithms/statistics.ts'
import {
  betaUpdated,
  gaussianUpdated,
  STANDARD_BELIEF,
  thompsonBeta,
  thompsonGaussian,
  UNIFORM_BELIEF,
} from '../../src/algorithms/thompson.ts'

const SEED = 1

/** Chooses among arms and learns what they pay. */
interface Player {
  choose(random: Random): number
  learn(arm: number, reward: number): void
}

/** Persists one thing for each arm. */
function player<StoredState>(
  arms: number,
  untried: StoredState,
  choose: (kept: readonly StoredState[], random: Random) => number,
  learned: (kept: StoredState, reward: number) => StoredState,
): Player {
  const kept = Array.from({ length: arms }, () => untried)
  return {
    choose: (random) => choose(kept, random),
    learn: (arm, reward) => {
      kept[arm] = learned(kept[arm] ?? untried, reward)
    },
  }
}

const drawBest = (values: readonly number[], random: Random): number =>
  drawIndex(epsilonGreedy(values, 0), random.next())

const averaging = (arms: number, choose: (kept: readonly Arm[], random: Random) => number): Player =>
  player(arms, UNTRIED_ARM, choose, pulled)

const greedyPlayer = (epsilon: number) => (): Player =>
  averaging(10, (kept, random) => {
    return drawIndex(
      epsilonGreedy(
        kept.map(({ mean }) => mean),
        epsilon,
      ),
      random.next(),
    )
  })

const ucbPlayer = (arms: number, scale?: number): Player =>
  averaging(arms, (kept, random) => {
    const bounds = ucb1(
      kept.map(({ mean }) => mean),
      kept.map(({ pulls }) => pulls),
      scale,
    )
    return drawBest(bounds, random)
  })

describe('10-armed testbed: share of 500 runs that take the best arm in step 1000, sample averages', () => {
  test.each<[string, () => Player, expected: number, tolerance: number]>([
    ['greedy', greedyPlayer(0), 37, 6],
    ['epsilon .1', greedyPlayer(0.1), 80, 6],
    ['epsilon .01', greedyPlayer(0.01), 59, 6],
    ['UCB c=2', () => ucbPlayer(10, 2), 86, 5],
    ['Thompson (Gaussian)', () => player(10, STANDARD_BELIEF, thompsonGaussian, gaussianUpdated), 92, 5],
  ])('%s', (name, create, expected, tolerance) => {
    const hits = Array.from({ length: 500 }, (_, run) => {
      const random = seededRandom(SEED, `testbed ${name} ${run}`)
      const bandit = testbedBandit(random)
      const { choose, learn } = create()
      let arm = 0
      for (let t = 0; t < 1000; t++) {
        arm = choose(random)
        learn(arm, bandit.step(0, arm, random).reward)
      }
      return argMaxima(bandit.means).includes(arm) ? 100 : 0
    })
    const share = momentsOf(hits).mean
    expect(Math.abs(share - expected), `${share} %`).toBeLessThan(tolerance)
  })
})

describe('arms .9 and .6, 10^4 pulls, 100 runs', () => {
  test.each<[string, () => Player, expected: number, tolerance: number]>([
    ['UCB1', () => ucbPlayer(2), 47.2, 8],
    ['Thompson (Beta)', () => player(2, UNIFORM_BELIEF, thompsonBeta, betaUpdated), 5.5, 2.5],
  ])('the regret of %s', (name, create, expected, tolerance) => {
    const bandit = bernoulliBandit([0.9, 0.6])
    const regrets = Array.from({ length: 100 }, (_, run) => {
      const random = seededRandom(SEED, `regret ${name} ${run}`)
      const { choose, learn } = create()
      let regret = 0
      for (let t = 0; t < 10_000; t++) {
        const arm = choose(random)
        regret += 0.9 - (bandit.means[arm] ?? 0)
        learn(arm, bandit.step(0, arm, random).reward)
      }
      return regret
    })
    const { mean } = momentsOf(regrets)
    expect(Math.abs(mean - expected), `${mean}`).toBeLessThan(tolerance)
    expect(mean).toBeLessThan(ucb1RegretBound(bandit.means, 10_000))
  })
})

test('LinUCB (d = 5, K = 5, alpha 1, T = 2000, 10 runs) regrets less than a tenth of UCB1 without context', () => {
  const regrets = Array.from({ length: 10 }, (_, run) => {
    const random = seededRandom(SEED, `context ${run}`)
    const bandit = linearBandit(random)
    const arms = bandit.actionNames.map(() => linearArm(5))
    const blind = ucbPlayer(5)
    const regret = { linear: 0, blind: 0 }
    for (let t = 0; t < 2000; t++) {
      const x = bandit.reset(random)
      const means = bandit.actionNames.map((_, arm) => bandit.meanOf(x, arm))
      const bounds = arms.map((arm) => linUcb(arm, x, 1))
      const best = Math.max(...means)
      const chosen = drawBest(bounds, random)
      arms[chosen] = linearArmUpdated(arms[chosen] ?? linearArm(5), x, bandit.step(x, chosen, random).reward)
      regret.linear += best - (means[chosen] ?? 0)
      const blindly = blind.choose(random)
      blind.learn(blindly, bandit.step(x, blindly, random).reward)
      regret.blind += best - (means[blindly] ?? 0)
    }
    return regret
  })
  const linear = momentsOf(regrets.map((regret) => regret.linear)).mean
  const blind = momentsOf(regrets.map((regret) => regret.blind)).mean
  expect(linear / blind, `${linear} against ${blind}`).toBeLessThan(0.1)
})
