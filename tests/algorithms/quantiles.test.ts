import { expect, test } from 'vitest'
import { normalQuantile, studentQuantile } from '../../src/algorithms/quantiles.ts'

test.each([
  // Abramowitz & Stegun (1964), table 26.5 and others.
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489],
  [0.0005, -3.290526731491926],
  [1 - 1e-9, 5.997807015],
])('the normal quantile at %d is %d', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 7)
})

test.each([
  // Abramowitz & Stegun (1964), table 26.10, with more digits; one degree is tan(pi (p - 1/2)).
  [0.975, 1, 12.706204736],
  [0.9995, 1, 636.619248769],
  [0.975, 2, 4.30265273],
  [0.975, 9, 2.262157163],
  [0.975, 30, 2.042272456],
  [0.025, 30, -2.042272456],
  [0.975, 120, 1.979930405],
])("Student's quantile at %d with %d degrees is %d", (p, degrees, t) => {
  expect(studentQuantile(p, degrees)).toBeCloseTo(t, 6)
})

test('the expansion for many degrees continues the exact sums and converges to the normal quantile', () => {
  expect(Math.abs(studentQuantile(0.975, 201) - studentQuantile(0.975, 200))).toBeLessThan(1e-4)
  const between = (studentQuantile(0.975, 199) + studentQuantile(0.975, 201)) / 2
  expect(studentQuantile(0.975, 200)).toBeCloseTo(between, 6)
  expect(studentQuantile(0.975, 1e9)).toBeCloseTo(normalQuantile(0.975), 8)
})
