import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  improvementOf,
  mergeMoments,
  momentsOf,
  movingAverage,
  NO_MOMENTS,
  standardErrorOf,
  timeDecay,
  varianceOf,
} from '../../src/algorithms/statistics.ts'

const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 30 })

describe('moments', () => {
  test('give mean and sample variance', () => {
    const moments = momentsOf([2, 4, 4, 4, 5, 5, 7, 9])
    expect(moments.mean).toBe(5)
    expect(varianceOf(moments)).toBeCloseTo(32 / 7, 12)
    expect(standardErrorOf(moments)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12)
    expect(varianceOf(momentsOf([1]))).toBeNaN()
  })

  test('are stable where a sum of squares cancels', () => {
    // Variance 30 of numbers around 10^9: the squares alone need 60 bits.
    expect(varianceOf(momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))).toBe(30)
  })

  test('merge to the moments of all numbers', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const merged = mergeMoments(momentsOf(a), momentsOf(b))
        const all = momentsOf([...a, ...b])
        expect(merged.count).toBe(all.count)
        expect(merged.mean).toBeCloseTo(all.mean, 8)
        expect(merged.m2).toBeCloseTo(all.m2, 6)
      }),
    )
    expect(mergeMoments(NO_MOMENTS, NO_MOMENTS)).toEqual(NO_MOMENTS)
  })
})

test('time decay halves with every half-life', () => {
  const day = 86_400_000
  expect([0, 30, 60, -5].map((age) => timeDecay(age * day, 30 * day))).toEqual([1, 0.5, 0.25, 1])
})

test('the moving average is over the last `window` numbers, fewer at the start', () => {
  expect(movingAverage([1, 3, 5, 7], 2)).toEqual([1, 2, 4, 6])
})

describe('improvement', () => {
  test('is unknown below 10 rewards', () => {
    expect(improvementOf(Array.from({ length: 9 }, () => 1))).toBeUndefined()
  })

  test('compares the last 20 with the first 20, in percent', () => {
    const rewards = Array.from({ length: 50 }, (_, i) => (i < 20 ? 0.5 : i < 30 ? 100 : 0.75))
    expect(improvementOf(rewards)).toEqual({
      improved: true,
      previousPerformance: 0.5,
      newPerformance: 0.75,
      improvementRate: 50,
    })
  })

  test('is positive for a rising negative performance, and 0 % from 0', () => {
    const from = (first: number, last: number): number[] =>
      Array.from({ length: 40 }, (_, i) => (i < 20 ? first : last))
    expect(improvementOf(from(-1, -0.5))).toMatchObject({ improved: true, improvementRate: 50 })
    expect(improvementOf(from(0, 1))).toMatchObject({ improved: true, improvementRate: 0 })
    expect(improvementOf(from(1, 0.5))).toMatchObject({ improved: false, improvementRate: -50 })
  })

  test('is no improvement while the difference could be chance', () => {
    // 9 and 13 successes of 20: the exact one-sided probability by Fisher's test is .17.
    const rewards = Array.from({ length: 40 }, (_, i) => ((i < 20 ? i < 9 : i < 33) ? 1 : 0))
    expect(improvementOf(rewards)).toMatchObject({ improved: false, previousPerformance: 0.45, newPerformance: 0.65 })
    // The critical value of t with 38 degrees of freedom is 1.686; a difference of d has t = d / sqrt((20/19 + 20/19) / 20).
    const shifted = (d: number): number[] => Array.from({ length: 40 }, (_, i) => (i % 2 ? 1 : -1) + (i < 20 ? 0 : d))
    const deviation = Math.sqrt(2 / 19)
    expect(improvementOf(shifted(1.685 * deviation))?.improved).toBe(false)
    expect(improvementOf(shifted(1.687 * deviation))?.improved).toBe(true)
  })
})
