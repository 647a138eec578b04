import type { Environment, Random } from './environment.ts'
import { normal } from './normal.ts'
import { type TabularEnvironment, tabular } from './tabular.ts'

/** Problems of one step: what an arm pays, and then the next episode. There is one state, 0. */

/** A bandit whose best arm is known to who measures. */
export interface Bandit extends Environment<number> {
  /** What each arm pays in the mean. */
  readonly means: readonly number[]
}

/** Arms that pay a normal reward of variance 1. */
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

/** One problem of the k-armed testbed: the means are standard normal too. Sutton & Barto (2018), section 2.3. */
export function testbedBandit(random: Random, arms = 10): Bandit {
  return gaussianBandit(Array.from({ length: arms }, () => normal(random)))
}

/** Arms that pay 1 with the given probabilities, else 0. */
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
