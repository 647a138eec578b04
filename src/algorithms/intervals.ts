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
  return { lower: moments.mean - margin, upper: moments.mean + margin }
}

/**
 * The score interval of a probability of success. Wilson (1927).
 * @param successes in [0, trials]. @returns within [0, 1]; [0, 1] without trials.
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
