import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lambdaReturns } from '../../src/algorithms/returns.ts'
import { accumulated, faded, replaced, type Traces, tracedSteps, watkinsFaded } from '../../src/algorithms/traces.ts'
import { qLearning } from '../../src/algorithms/value-learning.ts'

test('traces accumulate by 1 or are replaced by 1, decay by discount times lambda, and do not change the traces that were passed', () => {
  const traces: Traces = new Map([['a', 0.5]])
  expect([...accumulated(traces, 'a')]).toEqual([['a', 1.5]])
  expect([...replaced(traces, 'a')]).toEqual([['a', 1]])
  expect([...faded(traces, 0.5, 0.5)]).toEqual([['a', 0.125]])
  expect([...faded(traces, 0, 0.5)]).toEqual([])
  expect([...traces]).toEqual([['a', 0.5]])
})

test('an exploratory action cuts all traces', () => {
  const traces: Traces = new Map([['a', 1]])
  expect([...watkinsFaded(traces, 0.9, 0.9, false)]).toEqual([])
  expect([...watkinsFaded(traces, 0.5, 0.5, true)]).toEqual([['a', 0.25]])
})

// Sutton & Barto (2018), section 12.1 and 12.10: offline, the updates of Watkins' Q(lambda) with accumulating traces add up to those
// towards lambda-returns that stop before the first action that is not greedy.
test('the sum of the backward view equals the forward view', () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true })
  const step = fc.record({ state: fc.nat(2), action: fc.nat(1), reward: number })
  const table = fc.array(fc.tuple(number, number), { minLength: 3, maxLength: 3 })
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), table, unit, unit, (steps, q, discount, lambda) => {
      const of = (t: number): readonly number[] => q[steps[t]?.state ?? 0] ?? []
      const isEnd = (t: number): boolean => t === steps.length - 1
      const isGreedy = (t: number): boolean => of(t)[steps[t]?.action ?? 0] === Math.max(...of(t))
      const keyOf = (t: number): string => `${steps[t]?.state} ${steps[t]?.action}`
      const discounts = steps.map((_, t) => (isEnd(t) ? 0 : discount))
      const q0 = (t: number): number => of(t)[steps[t]?.action ?? 0] ?? 0

      let traces: Traces = new Map()
      let backward: ReadonlyMap<string, number> = new Map()
      for (const [t, { reward }] of steps.entries()) {
        traces = accumulated(traces, keyOf(t))
        const error = qLearning(q0(t), reward, discounts[t] ?? 0, isEnd(t) ? [] : of(t + 1))
        const moved = tracedSteps(traces, (key) => backward.get(key) ?? 0, error, 1)
        backward = new Map([...backward, ...moved])
        if (!isEnd(t)) traces = watkinsFaded(traces, discount, lambda, isGreedy(t + 1))
      }

      const best = steps.map((_, t) => (isEnd(t) ? 0 : Math.max(...of(t + 1))))
      const lambdas = steps.map((_, t) => (isEnd(t) || !isGreedy(t + 1) ? 0 : lambda))
      const rewards = steps.map(({ reward }) => reward)
      const forward = new Map<string, number>()
      for (const [t, g] of lambdaReturns(rewards, discounts, best, lambdas).entries()) {
        forward.set(keyOf(t), (forward.get(keyOf(t)) ?? 0) + g - q0(t))
      }
      for (const [key, sum] of forward) expect(backward.get(key)).toBeCloseTo(sum, 8)
    }),
  )
})
