import { expect, test } from 'vitest'
import { wilsonInterval } from '../../../src/algorithms/intervals.ts'
import { clockedStore } from '../clocked-store.ts'

const SIZES = [2, 3, 4, 5, 7, 10, 15, 20, 30, 50]

/** The exact coverage of intervals by number of successes, for a true mean of `mean(p)`. */
function coverageOf(intervals: readonly { lower: number; upper: number }[], p: number, mean: number): number {
  const n = intervals.length - 1
  let probability = (1 - p) ** n
  let covered = 0
  for (const [k, { lower, upper }] of intervals.entries()) {
    if (lower <= mean && mean <= upper) covered += probability
    probability *= ((n - k) / (k + 1)) * (p / (1 - p))
  }
  return covered
}

test.each([
  ['0 and 1', 0, 1, undefined],
  ['-2 and 2 in their range', -2, 2, [-2, 2]],
  ['-.542 and 1.458 in the range of agentic-qe', -0.542, 1.458, [-2, 2]],
] as const)(
  'the intervals of rewards of %s cover their mean, and are no wider than needed',
  (_, low, high, rewardRange) => {
    const { store, connection } = clockedStore()
    const scale = rewardRange ? rewardRange[1] - rewardRange[0] : 1
    for (const n of SIZES) {
      const intervals = Array.from({ length: n + 1 }, (_, successes) => {
        const agent = store.agent(`${n}-${successes}`, { discountFactor: 0.9, ...(rewardRange && { rewardRange }) })
        agent.learnMany(
          Array.from({ length: n }, (_, i) => ({
            ...{ state: 's', action: 'a', terminated: true },
            reward: i < successes ? high : low,
          })),
        )
        const { interval } = agent.recommend('s')
        if (!interval) throw new Error(`Expected an interval of ${n} rewards`)
        const from = rewardRange?.[0] ?? 0
        const share = ((low * (n - successes) + high * successes) / n - from) / scale
        const { lower, upper } = wilsonInterval(share * n, n)
        expect((interval.upper - interval.lower) / scale).toBeLessThanOrEqual(1.15 * (upper - lower))
        return interval
      })
      let sum = 0
      const points = 181
      for (let i = 0; i < points; i++) {
        const p = 0.05 + (0.9 * i) / (points - 1)
        const coverage = coverageOf(intervals, p, low + (high - low) * p)
        expect(coverage, `${n} rewards with ${p}`).toBeGreaterThan(0.8)
        sum += coverage
      }
      expect(sum / points, `${n} rewards`).toBeGreaterThan(0.94)
    }
    connection.close()
  },
)
