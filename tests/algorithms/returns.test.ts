import { expect, test } from 'vitest'
import { nStepReturn } from '../../src/algorithms/returns.ts'

test('the n-step return adds n discounted rewards and the value of the state after them', () => {
  // 1 + 0.5 * 2 + 0.25 * 3 + 0.125 * 16.
  expect(nStepReturn([1, 2, 3], [0.5, 0.5, 0.5], 16)).toBe(4.75)
  expect(nStepReturn([1, 2, 3], [0.5, 0, 0.5], 16)).toBe(2)
  expect(nStepReturn([], [], 16)).toBe(16)
})
