import { drawBeta, drawNormal } from './distributions.ts'
import { argMaxima } from './exploration.ts'
import type { Random } from './random.ts'

/**
 * Thompson sampling: an arm is pulled as often as it is believed to be the best. Thompson (1933); Russo et al. (2018), "A
 * tutorial on Thompson sampling". A belief is drawn from for each arm, and the arm of the greatest draw is taken.
 */

/** The belief in a probability of success: a Beta distribution. Beta(1, 1) is uniform. */
export interface BetaBelief {
  readonly alpha: number
  readonly beta: number
}

export const UNIFORM_BELIEF: BetaBelief = { alpha: 1, beta: 1 }

/** The belief after one more reward. @param reward in [0, 1]; a fraction counts as that much of a success. */
export function betaUpdated({ alpha, beta }: BetaBelief, reward: number): BetaBelief {
  return { alpha: alpha + reward, beta: beta + 1 - reward }
}

/** The index of the arm to pull. @param beliefs shape [A], A >= 1. */
export function thompsonBeta(beliefs: readonly BetaBelief[], random: Random): number {
  return argMaxima(beliefs.map(({ alpha, beta }) => drawBeta(alpha, beta, random)))[0] ?? 0
}

/** The belief in a mean: a normal distribution, in the unit of the rewards. */
export interface GaussianBelief {
  readonly mean: number
  readonly variance: number
}

export const STANDARD_BELIEF: GaussianBelief = { mean: 0, variance: 1 }

/**
 * The belief after one more reward. Gelman et al. (2013), "Bayesian data analysis", eq. 2.10.
 * @param noise the variance of a reward around its mean, above 0.
 */
export function gaussianUpdated({ mean, variance }: GaussianBelief, reward: number, noise = 1): GaussianBelief {
  const gain = variance / (variance + noise)
  return { mean: mean + gain * (reward - mean), variance: gain * noise }
}

/** The index of the arm to pull. @param beliefs shape [A], A >= 1. */
export function thompsonGaussian(beliefs: readonly GaussianBelief[], random: Random): number {
  return argMaxima(beliefs.map(({ mean, variance }) => mean + Math.sqrt(variance) * drawNormal(random)))[0] ?? 0
}
