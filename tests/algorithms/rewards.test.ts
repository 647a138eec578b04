import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inlineReward, multiFactorReward, rewardOf, type TaskOutcome } from '../../src/algorithms/rewards.ts'

const optional = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined })
const outcome = fc
  .record({
    success: fc.boolean(),
    timeout: fc.boolean(),
    executionTimeMs: fc.option(fc.nat(200_000), { nil: undefined }),
    errors: fc.option(fc.nat(20), { nil: undefined }),
    quality: optional,
    coverage: optional,
    rating: optional,
    issues: fc.nat(20),
  })
  .map(({ rating, issues, ...rest }) => {
    const feedback = rating === undefined ? {} : { feedback: { rating, issues } }
    return Object.fromEntries(
      Object.entries({ ...rest, ...feedback }).filter(([, value]) => value !== undefined),
    ) as unknown as TaskOutcome
  })

/** The worst task of the reference's table. */
const WORST: TaskOutcome = {
  success: false,
  executionTimeMs: 60_000,
  coverage: 0.5,
  errors: 10,
  timeout: true,
  resourceUsage: { cpu: 1, memory: 1 },
  feedback: { rating: 0, issues: 5, suggestions: 4 },
}

// Numbers of agentic-qe 1.4.2: a stored event, real rows, and worked cases.
describe('inline-v1', () => {
  test.each([
    [2500, 1.4583333333333333],
    [43, 1.4992833333333333],
    [13, 1.4997833333333332],
  ])('the reward of a success after %d ms is %d', (executionTimeMs, reward) => {
    expect(inlineReward({ success: true, executionTimeMs })).toBe(reward)
  })

  test('counts errors, feedback and coverage', () => {
    const feedback = { rating: 1, issues: 2 }
    // 1 + .25 - .1 + (1 - .4) + .2, and what exceeds the range is cut.
    const measured: TaskOutcome = { success: true, executionTimeMs: 15_000, errors: 1, feedback, coverage: 0.9 }
    expect(inlineReward(measured)).toBeCloseTo(1.95, 12)
    expect(inlineReward({ ...measured, feedback: { rating: 1 } })).toBe(2)
    expect(inlineReward({ success: false })).toBe(-1)
    expect(inlineReward(WORST)).toBe(-2)
  })
})

describe('multi-factor', () => {
  test.each<[string, TaskOutcome, number]>([
    ['a success after 2500 ms', { success: true, executionTimeMs: 2500 }, 0.972222],
    ['a failure after 2500 ms', { success: false, executionTimeMs: 2500 }, -0.361111],
    [
      'a good success',
      {
        success: true,
        executionTimeMs: 15_000,
        quality: 0.9,
        coverage: 0.95,
        resourceUsage: { cpu: 0.5, memory: 0.5 },
        feedback: { rating: 1 },
      },
      1.686667,
    ],
    ['the worst failure', WORST, -2],
  ])('%s', (_, input, reward) => {
    expect(multiFactorReward(input)).toBeCloseTo(reward, 6)
  })

  test('uses the greater of quality and coverage', () => {
    expect(multiFactorReward({ success: true, quality: 0.1, coverage: 1 })).toBeCloseTo(((1 + 0.7 * 0.4) / 3) * 2, 12)
    expect(multiFactorReward({ success: true, coverage: 0.5 })).toBeCloseTo(2 / 3, 12)
  })

  test('uses the given weights', () => {
    const only = { success: 0, time: 1, quality: 0, resources: 0, feedback: 0 }
    expect(multiFactorReward({ success: false, executionTimeMs: 15_000 }, only)).toBe(1)
    expect(multiFactorReward({ success: true }, { feedback: 0 })).toBeCloseTo((1 / 2.5) * 2, 12)
  })
})

test('rewardOf selects a formula by name, and both stay in [-2, 2]', () => {
  expect(rewardOf('inline-v1', WORST)).toBe(inlineReward(WORST))
  fc.assert(
    fc.property(outcome, (input) => {
      for (const formula of ['multi-factor', 'inline-v1'] as const) {
        expect(Math.abs(rewardOf(formula, input))).toBeLessThanOrEqual(2)
      }
    }),
  )
})
