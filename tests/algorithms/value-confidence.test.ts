import { expect, test } from 'vitest'
import { valueConfidence } from '../../src/algorithms/value-confidence.ts'

test('the confidence of a value maps [-2, 2] linearly to [0, 1]', () => {
  expect([-2, -1, 0, 1, 2].map(valueConfidence)).toEqual([0, 0.25, 0.5, 0.75, 1])
})

test('values outside [-2, 2] have the confidence of the nearest end', () => {
  expect([-3, 3].map(valueConfidence)).toEqual([0, 1])
})
