import { wilsonLowerBound } from './intervals.ts'
import { betaIn } from './policies.ts'
import { type Belief, probabilitiesOfBest } from './probability-matching.ts'

/** What is known of an action: its mean reward, or a learned value, after a number of experiences. */
export interface Estimate {
  readonly mean: number
  /** At least 0; not necessarily whole. */
  readonly count: number
}

/** How good an action is among others. */
export interface Rating {
  /** The probability that no other action is better, in [0, 1]. */
  readonly probabilityBest: number
  /** For ranking: about one standard error below the mean, so that one success counts less than 95 in 100, and none in one less than 5. */
  readonly score: number
}

/** The share of a normal distribution within one standard deviation of its mean. */
const ONE_DEVIATION = 0.6827

/**
 * Rates actions by beliefs about their means: beta distributions over the range, which for rewards at its ends are exact with a
 * uniform prior, and too wide for others. Russo et al. (2018), "A tutorial on Thompson sampling", section 3.
 * @param estimates shape [A], A >= 1. @param untried number of other actions, of which nothing is known.
 * @param range of the means; only their position in it matters. @returns shape [A].
 */
export function ratings(
  estimates: readonly Estimate[],
  untried: number,
  [low, high]: readonly [low: number, high: number],
): Rating[] {
  const share = (mean: number): number => {
    // Halved, because the difference of two large numbers can overflow.
    const position = (mean / 2 - low / 2) / (high / 2 - low / 2)
    return high > low ? Math.min(1, Math.max(0, position)) : 0.5
  }
  const known = [
    ...estimates.map(({ mean, count }) => ({ value: share(mean), visits: count })),
    ...Array.from({ length: untried }, () => ({ value: 0, visits: 0 })),
  ]
  const probabilities = probabilitiesOfBest(known.map(betaIn([0, 1])), 0, 1)
  return estimates.map((_, a) => {
    const { value, visits } = known[a] ?? { value: 0, visits: 0 }
    return { probabilityBest: probabilities[a] ?? 0, score: wilsonLowerBound(visits * value, visits, ONE_DEVIATION) }
  })
}

/**
 * Rates actions by normal beliefs about their means.
 * @param beliefs their means and standard deviations, shape [A], A >= 1. @returns shape [A].
 */
export function normalRatings(beliefs: readonly Pick<Belief, 'mean' | 'deviation'>[]): Rating[] {
  const normal = beliefs.map(({ mean, deviation }) => ({
    mean,
    deviation,
    logDensity: (x: number) => -(((x - mean) / deviation) ** 2) / 2,
  }))
  const probabilities = probabilitiesOfBest(normal)
  return beliefs.map(({ mean, deviation }, a) => ({ probabilityBest: probabilities[a] ?? 0, score: mean - deviation }))
}
