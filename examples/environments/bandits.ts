import type { Environment, Random } from './environment.ts'
import { normal } from './normal.ts'
import { type TabularEnvironment, tabular } from './tabular.ts'

/** Problems with episodes of one step and a single state, 0. */

/** A bandit with known means, so that its best arm is known. */
export interface Bandit extends Environment<number> {
  /** The mean reward of each arm. */
  readonly means: readonly number[]
}

/** Arms with normal rewards of variance 1. */
export function gaussianBandit(means: readonly number[]): Bandit {
  return {
    means,
    actionNames: armNames(means.length),
    reset: () => 0,
    step: (_, arm, random) => {
      const reward = (means[arm] ?? 0) + normal(random)
      return { observation: 0, reward, terminated: true, truncated: false }
    },
  }
}

/** One problem of the k-armed testbed: the means are standard normal. Sutton & Barto (2018), section 2.3. */
export function testbedBandit(random: Random, arms = 10): Bandit {
  return gaussianBandit(Array.from({ length: arms }, () => normal(random)))
}

/** Arms with reward 1 at the given probabilities, otherwise 0. */
export function bernoulliBandit(means: readonly number[]): Bandit & TabularEnvironment {
  const environment = tabular({
    actionNames: armNames(means.length),
    states: 1,
    startStates: [0],
    transitions: (_, arm) => {
      const probability = means[arm] ?? 0
      return [
        { probability, nextState: 0, reward: 1, terminated: true },
        { probability: 1 - probability, nextState: 0, reward: 0, terminated: true },
      ]
    },
  })
  return { ...environment, means }
}

function armNames(count: number): string[] {
  return Array.from({ length: count }, (_, arm) => `arm ${arm}`)
}
