import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exp, log, logistic } from '../../src/algorithms/elementary.ts'

test('exp is within 1e-14 of that of the engine', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14)
    }),
    { numRuns: 1_000 },
  )
  expect([exp(0), exp(-1e300), exp(1e300), exp(Number.NaN)]).toEqual([1, 0, Number.POSITIVE_INFINITY, Number.NaN])
})

test('log is within 1e-14 of that of the engine', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))))
    }),
    { numRuns: 1_000 },
  )
  expect(log(1)).toBe(0)
})

test('the bits are these in every engine', () => {
  // A change of these bits changes what stores learn when they learn their experiences again.
  expect([exp(2), exp(-3.5), log(0.3), logistic(0.25)]).toEqual([
    7.38905609893065, 0.0301973834223185, -1.2039728043259361, 0.5621765008857981,
  ])
})

test('logistic is 1/2 at 0, and 0 and 1 far away', () => {
  expect([logistic(0), logistic(-800), logistic(800)]).toEqual([0.5, 0, 1])
  expect(logistic(2) + logistic(-2)).toBeCloseTo(1, 15)
})
