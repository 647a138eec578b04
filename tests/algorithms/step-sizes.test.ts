import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  constantStepSize,
  type StepSize,
  sampleAverageStepSize,
  unbiasedStepSize,
} from '../../src/algorithms/step-sizes.ts'
import { step } from '../../src/algorithms/value-learning.ts'

const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 })
const followed = (targets: readonly number[], initial: number, stepSize: StepSize): number =>
  targets.reduce((value, target, i) => step(value, target - value, stepSize(i + 1)), initial)

test('1/N gives the mean, whatever the initial value', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: -100, max: 100, noNaN: true }), (targets, initial) => {
      const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length
      expect(followed(targets, initial, sampleAverageStepSize)).toBeCloseTo(mean, 9)
    }),
  )
})

test('a constant step weighs the past by powers of 1 - size (S&B, eq. 2.6)', () => {
  expect(followed([1, 2, 3], 10, constantStepSize(0.5))).toBe(10 / 8 + 1 / 8 + 2 / 4 + 3 / 2)
})

test('the unbiased step does not depend on the initial value (S&B, exercise 2.7)', () => {
  expect(followed([1, 2], 1000, unbiasedStepSize(0.5))).toBeCloseTo((1 / 4 + 2 / 2) / (3 / 4), 12)
})
