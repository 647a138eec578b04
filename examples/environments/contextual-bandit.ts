import type { Environment, Random } from './environment.ts'
import { normal } from './normal.ts'

/** A bandit whose mean rewards are linear in the observation, with coefficients for each arm. */
export interface ContextualBandit extends Environment<readonly number[]> {
  /** The mean reward of an arm, given an observation. */
  meanOf(observation: readonly number[], arm: number): number
}

/**
 * Observations are standard normal vectors scaled to unit length, and so are the coefficients of the arms; rewards have normal noise.
 * The setting of Li et al. (2010), section 3.1, with synthetic numbers.
 * @param noise the standard deviation of the rewards
 */
export function linearBandit(random: Random, dimension = 5, arms = 5, noise = 0.1): ContextualBandit {
  const coefficients = Array.from({ length: arms }, () => unitVector(random, dimension))
  const meanOf = (observation: readonly number[], arm: number): number =>
    observation.reduce((sum, x, i) => sum + x * (coefficients[arm]?.[i] ?? 0), 0)
  return {
    meanOf,
    actionNames: coefficients.map((_, arm) => `arm ${arm}`),
    reset: (draws) => unitVector(draws, dimension),
    step: (observation, arm, draws) => {
      const reward = meanOf(observation, arm) + noise * normal(draws)
      return { observation, reward, terminated: true, truncated: false }
    },
  }
}

function unitVector(random: Random, dimension: number): number[] {
  const vector = Array.from({ length: dimension }, () => normal(random))
  const length = Math.hypot(...vector)
  return vector.map((x) => x / length)
}
