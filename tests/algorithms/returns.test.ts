import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lambdaReturns, nStepReturn, nStepReturns } from '../../src/algorithms/returns.ts'

const number = fc.double({ min: -10, max: 10, noNaN: true })
const sequence = fc.array(fc.record({ r: number, discount: fc.double({ min: 0, max: 1, noNaN: true }), v: number }), {
  minLength: 1,
  maxLength: 8,
})
const closeTo = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length)
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 9)
}

test('the n-step return adds n discounted rewards and the value of the state after them', () => {
  // 1 + 0.5 * 2 + 0.25 * 3 + 0.125 * 16.
  expect(nStepReturn([1, 2, 3], [0.5, 0.5, 0.5], 16)).toBe(4.75)
  expect(nStepReturn([1, 2, 3], [0.5, 0, 0.5], 16)).toBe(2)
  expect(nStepReturn([], [], 16)).toBe(16)
})

test('nStepReturns uses n rewards for each step, and fewer at the end', () => {
  // By hand: [1 + .5*2 + .25*20, 2 + .5*3 + .25*30, 3 + .5*30].
  expect(nStepReturns([1, 2, 3], [0.5, 0.5, 0.5], [10, 20, 30], 2)).toEqual([7, 11, 18])
})

test('lambdaReturns mixes the n-step returns with weights (1 - lambda) lambda^(n-1), the rest on the last (S&B, eq. 12.3)', () => {
  fc.assert(
    fc.property(sequence, fc.double({ min: 0, max: 1, noNaN: true }), (steps, lambda) => {
      const [r, discount, v] = [steps.map((s) => s.r), steps.map((s) => s.discount), steps.map((s) => s.v)]
      const mixed = r.map((_, t) => {
        const left = r.length - t
        const returns = Array.from({ length: left }, (_, i) => nStepReturns(r, discount, v, i + 1)[t] ?? 0)
        const last = lambda ** (left - 1) * (returns.at(-1) ?? 0)
        return returns.slice(0, -1).reduce((sum, g, i) => sum + (1 - lambda) * lambda ** i * g, last)
      })
      closeTo(lambdaReturns(r, discount, v, lambda), mixed)
    }),
  )
})

test('lambda 0 gives one-step targets, lambda 1 full returns, and a list sets lambda by step', () => {
  const [r, discount, v] = [
    [1, 2, 3],
    [0.5, 0.5, 0.5],
    [10, 20, 30],
  ]
  closeTo(lambdaReturns(r, discount, v, 0), nStepReturns(r, discount, v, 1))
  closeTo(lambdaReturns(r, discount, v, 1), nStepReturns(r, discount, v, 3))
  closeTo(lambdaReturns(r, discount, v, [1, 0, 1]), [1 + 0.5 * 12, 12, 18])
})
