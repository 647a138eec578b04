import { studentQuantile } from './quantiles.ts'

/** Count, mean and sum of squared differences from the mean: enough for mean and variance, without the numbers themselves. */
export interface Moments {
  readonly count: number
  readonly mean: number
  readonly m2: number
}

/** Rewards without the rewards themselves: enough for their mean and variance, and for the range that they are in. */
export interface RewardSums extends Moments {
  readonly least: number
  readonly greatest: number
}

export const NO_MOMENTS: Moments = { count: 0, mean: 0, m2: 0 }

/** Adds a number. Welford (1962): numerically stable, unlike a sum of squares. */
export function withNumber({ count, mean, m2 }: Moments, value: number): Moments {
  const difference = value - mean
  const newMean = mean + difference / (count + 1)
  return { count: count + 1, mean: newMean, m2: m2 + difference * (value - newMean) }
}

export function momentsOf(values: Iterable<number>): Moments {
  let moments = NO_MOMENTS
  for (const value of values) moments = withNumber(moments, value)
  return moments
}

/** Combines the moments of two groups. Chan, Golub & LeVeque (1979). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count
  if (count === 0) return NO_MOMENTS
  const difference = b.mean - a.mean
  const share = b.count / count
  return { count, mean: a.mean + difference * share, m2: a.m2 + b.m2 + difference ** 2 * a.count * share }
}

/** Sums without some of their rewards: Chan, Golub & LeVeque (1979), solved for one of the two groups. The range stays. */
export function withoutRewards(all: RewardSums, part: Moments): RewardSums {
  const count = all.count - part.count
  const mean = (all.count * all.mean - part.count * part.mean) / count
  const m2 = all.m2 - part.m2 - ((part.mean - mean) ** 2 * count * part.count) / all.count
  return { ...all, count, mean, m2: Math.max(0, m2) }
}

/** The unbiased sample variance; NaN for fewer than two numbers. */
export function varianceOf({ count, m2 }: Moments): number {
  return count < 2 ? Number.NaN : m2 / (count - 1)
}

/** The standard error of the mean: sqrt(variance / n); NaN for fewer than two numbers. */
export function standardErrorOf(moments: Moments): number {
  return Math.sqrt(varianceOf(moments) / moments.count)
}

/** The weight of an observation by age: 1 at 0, 1/2 after a half-life. @param halfLifeMs above 0. @returns in (0, 1]. */
export function timeDecay(ageMs: number, halfLifeMs: number): number {
  return 2 ** (-Math.max(0, ageMs) / halfLifeMs)
}

/** The mean of each value and up to `window - 1` values before it. @param window at least 1. @returns shape [N]. */
export function movingAverage(values: readonly number[], window: number): number[] {
  return values.map((_, i) => mean(values.slice(Math.max(0, i + 1 - window), i + 1)))
}

/** The change of an agent's mean reward. */
export interface Improvement {
  /**
   * Whether the mean reward has risen, by a one-sided test at the 5 % level: true in at most about 5 of 100 looks at agents that do
   * not improve. False for fewer than 21 rewards.
   */
  readonly improved: boolean
  /** Mean of the first 20 rewards. */
  readonly previousPerformance: number
  /** Mean of the last 20 rewards. */
  readonly newPerformance: number
  /** Difference in percent of |previousPerformance|; 0 if that is 0. */
  readonly improvementRate: number
}

const LEAST_REWARDS = 10
const COMPARED_REWARDS = 20

/**
 * Compares the mean of the last 20 rewards with that of the first 20, as agentic-qe does; below 40 rewards they overlap. The test
 * compares rewards that do not overlap: below 40 rewards, the last half with the first half.
 * @param rewards oldest first. @returns undefined for fewer than 10 rewards.
 */
export function improvementOf(rewards: readonly number[]): Improvement | undefined {
  if (rewards.length < LEAST_REWARDS) return undefined
  const previousPerformance = mean(rewards.slice(0, COMPARED_REWARDS))
  const newPerformance = mean(rewards.slice(-COMPARED_REWARDS))
  const gain = newPerformance - previousPerformance
  const improvementRate = previousPerformance === 0 ? 0 : (gain / Math.abs(previousPerformance)) * 100
  const size = Math.min(COMPARED_REWARDS, rewards.length >> 1)
  const improved = gain > 0 && isAbove(rewards.slice(-size), rewards.slice(0, size))
  return { improved, previousPerformance, newPerformance, improvementRate }
}

/** Whether the mean of `b` is above that of `a`, of as many numbers, by Student's one-sided test at the 5 % level. */
function isAbove(b: readonly number[], a: readonly number[]): boolean {
  const [before, after] = [momentsOf(a), momentsOf(b)]
  const standardError = Math.sqrt((varianceOf(before) + varianceOf(after)) / a.length)
  return after.mean - before.mean > studentQuantile(0.95, 2 * a.length - 2) * standardError
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
