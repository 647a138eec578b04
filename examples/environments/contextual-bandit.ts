import type { Environment, Random } from './environment.ts'
import { normal } from './normal.ts'

/** A bandit whose arms pay what is linear in the observation, each by coefficients of its own. */
export interface ContextualBandit extends Environment<readonly number[]> {
  /** What an arm pays in the mean, given what is observed. */
  meanOf(observation: readonly number[], arm: number): number
}

/**
 * Observations are standard normal vectors scaled to unit length, and so are the coefficients of the arms; rewards have normal noise.
 * The setting of Li et al. (2010), section 3.1, with made-up numbers.
 * @param noise the standard deviation of a reward around its mean.
 */
export function linearBandit(random: Random, dimension = 5, arms = 5, noise = 0.1): ContextualBandit {
  const coefficients = Array.from({ length: arms }, () => unitVector(random, dimension))
  const meanOf = (observation: readonly number[], arm: number): number =>
    observation.reduce((sum, x, i) => sum + x * (coefficients[arm]?.[i] ?? 0), 0)
  return {
    meanOf,
    actionNames: coefficients.map((_, arm) => `arm ${arm}`),
    reset: (chance) => unitVector(chance, dimension),
    step: (observation, arm, chance) => {
      const reward = meanOf(observation, arm) + noise * normal(chance)
      return { observation, reward, terminated: true, truncated: false }
    },
  }
}

function unitVector(random: Random, dimension: number): number[] {
  const vector = Array.from({ length: dimension }, () => normal(random))
  const length = Math.hypot(...vector)
  return vector.map((x) => x / length)
}
