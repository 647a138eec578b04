import { studentInterval } from '../../algorithms/intervals.ts'
import { type Moments, mergeMoments, NO_MOMENTS } from '../../algorithms/statistics.ts'
import type { RewardBucket } from '../../tables/experience-rewards.ts'
import { count, number } from '../format.ts'
import type { Plotted } from './chart.ts'

/** So many points: more than a chart is wide would not be seen. */
export const STRETCHES = 120
/** What a moving average averages, at least. */
const LEAST_STRETCHES = 6
const LEAST_EXPERIENCES = 20
/** The mean of fewer says little. */
const LEAST_JOINED = 5

/**
 * The mean reward of each stretch, and the mean of the stretches up to it, at least 6 of them and 20 experiences, with its
 * 95 % confidence band, by Student's t.
 */
export function rewardCurve(told: readonly RewardBucket[]): Plotted {
  const stretches = joined(told)
  const window = Math.max(LEAST_STRETCHES, Math.ceil(LEAST_EXPERIENCES / (stretches[0]?.count ?? 1)))
  const x: number[] = []
  const around = stretches.map((_, i) => {
    x.push((x.at(-1) ?? 0) + (stretches[i]?.count ?? 0))
    return stretches.slice(Math.max(0, i + 1 - window), i + 1).reduce(mergeMoments, NO_MOMENTS)
  })
  const intervals = around.map((moments) => studentInterval(moments))
  return {
    ...{ x, xLabel: 'number of experiences' },
    curves: [
      { label: 'mean reward', values: stretches.map(({ mean }) => mean), isFaint: true },
      {
        label: 'moving average',
        values: around.map(({ mean }) => mean),
        band: {
          label: '95% confidence',
          lower: intervals.map(({ lower }) => finite(lower)),
          upper: intervals.map(({ upper }) => finite(upper)),
        },
      },
    ],
  }
}

/** Of few experiences each stretch has one or two: several together are a point. */
function joined(stretches: readonly RewardBucket[]): readonly Moments[] {
  const sum = stretches.reduce((total, { count }) => total + count, 0)
  const together = Math.ceil(LEAST_JOINED / Math.max(1, sum / stretches.length))
  const groups = Array.from({ length: Math.ceil(stretches.length / together) }, (_, i) =>
    stretches.slice(i * together, (i + 1) * together),
  )
  return groups.map((group) => group.reduce(mergeMoments, NO_MOMENTS))
}

/** The curve in a sentence. */
export function rewardSummary(stretches: readonly RewardBucket[]): string {
  const [first, last] = [stretches[0], stretches.at(-1)]
  if (!first || !last) return 'No rewards yet.'
  const sum = stretches.reduce((total, stretch) => total + stretch.count, 0)
  return `${count(sum)} experiences; the mean reward went from ${number(first.mean)} to ${number(last.mean)}.`
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
