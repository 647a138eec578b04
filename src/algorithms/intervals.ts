import { normalQuantile, studentQuantile } from './quantiles.ts'
import { type Moments, standardErrorOf } from './statistics.ts'

/** A confidence interval. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

const UNKNOWN: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }

/** @returns unbounded for a margin that is not finite. */
export function symmetricInterval(estimate: number, margin: number): Interval {
  return Number.isFinite(margin) ? { lower: estimate - margin, upper: estimate + margin } : UNKNOWN
}

/** The interval of the mean of normal numbers with estimated variance. Student (1908). @returns unbounded for fewer than two numbers. */
export function studentInterval(moments: Moments, level = 0.95): Interval {
  if (moments.count < 2) return UNKNOWN
  const margin = studentQuantile((1 + level) / 2, moments.count - 1) * standardErrorOf(moments)
  return symmetricInterval(moments.mean, margin)
}

/** The lower and the upper end of what a number can be. */
export type Range = readonly [low: number, high: number]

/** Below this number of rewards of unknown range there is no interval: a rare, extreme reward may be still to come. */
const LEAST_UNBOUNDED = 10

/**
 * The 95 % interval of a mean reward. With a range it is Wilson's, of the rewards mapped to [0, 1]: exact enough for rewards at both
 * ends, and conservative for others, whose variance is smaller. Its coverage of 0/1 rewards, averaged over probabilities from .05 to
 * .95, is .951 to .959 for 2 to 50 rewards, and never below .80. Without a range it is Student's.
 * @param range null if it is unknown. @returns undefined for fewer than two rewards, or ten without a range, and where it overflows.
 */
export function meanInterval(moments: Moments, range: Range | null): Interval | undefined {
  const { count, mean } = moments
  if (count < (range ? 2 : LEAST_UNBOUNDED)) return undefined
  if (!range) {
    const { lower, upper } = studentInterval(moments)
    return Number.isFinite(upper - lower) ? { lower, upper } : undefined
  }
  const [low, high] = range
  const share = Math.min(1, Math.max(0, (mean - low) / (high - low)))
  const { lower, upper } = wilsonInterval(count * share, count)
  return { lower: low + lower * (high - low), upper: low + upper * (high - low) }
}

/**
 * The score interval of a probability of success. Wilson (1927).
 * @param successes in [0, trials], not necessarily whole. @returns within [0, 1]; [0, 1] without trials.
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  if (trials === 0) return { lower: 0, upper: 1 }
  const z = normalQuantile((1 + level) / 2)
  const share = z ** 2 / trials
  const p = successes / trials
  const center = p + share / 2
  const margin = z * Math.sqrt((p * (1 - p) + share / 4) / trials)
  // At p = 0 and p = 1 one end is exactly p; the formula would add rounding.
  const lower = successes === 0 ? 0 : (center - margin) / (1 + share)
  const upper = successes === trials ? 1 : (center + margin) / (1 + share)
  return { lower: Math.max(0, lower), upper: Math.min(1, upper) }
}

/** The lower end of `wilsonInterval`: a score for ranking that is low while trials are few. @returns in [0, 1]; 0 without trials. */
export function wilsonLowerBound(successes: number, trials: number, level = 0.95): number {
  return wilsonInterval(successes, trials, level).lower
}
