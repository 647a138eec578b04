import { meanInterval } from '../../algorithms/intervals.ts'
import { type Moments, mergeMoments, NO_MOMENTS } from '../../algorithms/statistics.ts'
import type { RewardBucket } from '../../tables/experience-rewards.ts'
import { count, number } from '../format.ts'
import type { ChartData } from './chart.ts'

/** Number of points of the curve. A chart is too narrow to show more. */
export const BUCKETS = 120
/** Minimum size of the window of the moving average. */
const MIN_BUCKETS = 6
const MIN_EXPERIENCES = 20
/** Minimum number of experiences in a point: the mean of fewer says little. */
const MIN_POINT = 5

/**
 * The mean reward of each bucket, and a moving average over at least 6 buckets and 20 experiences with its 95 % confidence
 * band (Student's t), from ten experiences on.
 */
export function rewardCurve(rewards: readonly RewardBucket[]): ChartData {
  const buckets = joined(rewards)
  const window = Math.max(MIN_BUCKETS, Math.ceil(MIN_EXPERIENCES / (buckets[0]?.count ?? 1)))
  const x: number[] = []
  const averages = buckets.map((_, i) => {
    x.push((x.at(-1) ?? 0) + (buckets[i]?.count ?? 0))
    return buckets.slice(Math.max(0, i + 1 - window), i + 1).reduce(mergeMoments, NO_MOMENTS)
  })
  const intervals = averages.map((moments) => meanInterval(moments, null))
  return {
    x,
    xLabel: 'number of experiences',
    curves: [
      { label: 'mean reward', values: buckets.map(({ mean }) => mean), isFaint: true },
      {
        label: 'moving average',
        values: averages.map(({ mean }) => mean),
        band: {
          label: '95% confidence',
          lower: intervals.map((interval) => interval?.lower ?? null),
          upper: intervals.map((interval) => interval?.upper ?? null),
        },
      },
    ],
  }
}

/** Joins buckets that have only one or two experiences each. */
function joined(buckets: readonly RewardBucket[]): readonly Moments[] {
  const sum = buckets.reduce((total, { count }) => total + count, 0)
  const together = Math.ceil(MIN_POINT / Math.max(1, sum / buckets.length))
  const groups = Array.from({ length: Math.ceil(buckets.length / together) }, (_, i) =>
    buckets.slice(i * together, (i + 1) * together),
  )
  return groups.map((group) => group.reduce(mergeMoments, NO_MOMENTS))
}

/** A text summary of the curve. */
export function rewardSummary(buckets: readonly RewardBucket[]): string {
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (!first || !last) return 'No rewards yet.'
  const sum = buckets.reduce((total, bucket) => total + bucket.count, 0)
  return `${count(sum)} experiences; the mean reward went from ${number(first.mean)} to ${number(last.mean)}.`
}
