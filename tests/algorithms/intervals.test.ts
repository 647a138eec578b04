import fc from 'fast-check'
import { expect, test } from 'vitest'
import { studentInterval, symmetricInterval, wilsonInterval, wilsonLowerBound } from '../../src/algorithms/intervals.ts'
import { momentsOf } from '../../src/algorithms/statistics.ts'

test('a symmetric interval is unbounded if its margin is', () => {
  expect(symmetricInterval(10, 2)).toEqual({ lower: 8, upper: 12 })
  expect(symmetricInterval(10, Number.POSITIVE_INFINITY).lower).toBe(Number.NEGATIVE_INFINITY)
})

test("Student's interval of 1, 2, 3, 4, 5 is 3 +- 2.776445 * sqrt(2.5 / 5)", () => {
  const { lower, upper } = studentInterval(momentsOf([1, 2, 3, 4, 5]))
  expect(lower).toBeCloseTo(3 - 2.776445 * Math.sqrt(0.5), 5)
  expect(upper).toBeCloseTo(3 + 2.776445 * Math.sqrt(0.5), 5)
  expect(studentInterval(momentsOf([1])).upper).toBe(Number.POSITIVE_INFINITY)
})

test.each([
  // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('the Wilson interval of %d in %d is %d to %d', (successes, trials, lower, upper) => {
  expect(wilsonInterval(successes, trials).lower).toBeCloseTo(lower, 4)
  expect(wilsonInterval(successes, trials).upper).toBeCloseTo(upper, 4)
})

test('the lower bound is 0 without trials, in [0, 1], below the share, and rises with trials of the same share', () => {
  expect(wilsonLowerBound(0, 0)).toBe(0)
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (successes, failures) => {
      fc.pre(successes + failures > 0)
      const bound = wilsonLowerBound(successes, successes + failures)
      expect(bound >= 0 && bound <= successes / (successes + failures)).toBe(true)
      if (successes > 0) expect(wilsonLowerBound(2 * successes, 2 * (successes + failures))).toBeGreaterThan(bound)
    }),
  )
})
