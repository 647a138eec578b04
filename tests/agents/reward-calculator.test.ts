import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RewardCalculator } from '../../src/entry/node.ts'

const inline = new RewardCalculator({ formula: 'inline-v1' })
const multiFactor = new RewardCalculator()

/** Computed by hand from the formulas in agentic-qe's persistence document. */
describe('the numbers of agentic-qe', () => {
  test.each<[number, number]>([
    // A stored event and two rows of a real database.
    [2500, 1.4583333333333333],
    [43, 1.4992833333333333],
    [13, 1.4997833333333332],
  ])('inline-v1, success in %d ms: %d', (executionTime, reward) => {
    expect(inline.calculate({ success: true, executionTime })).toBeCloseTo(reward, 15)
  })

  test('multi-factor, success in 2500 ms: 0.972222, failure: -0.361111', () => {
    expect(multiFactor.calculate({ success: true, executionTime: 2500 })).toBeCloseTo(0.972222, 6)
    expect(multiFactor.calculate({ success: false, executionTime: 2500 })).toBeCloseTo(-0.361111, 6)
  })

  test('multi-factor, everything good: 1.686667', () => {
    const result = { executionTime: 15_000, quality: 0.9, coverage: 0.95, resourceUsage: { cpu: 0.5, memory: 0.5 } }
    expect(multiFactor.calculate(result, { rating: 1 })).toBeCloseTo(1.686667, 6)
  })

  test('multi-factor, everything bad: -2', () => {
    const feedback = { rating: 0, issues: Array(5).fill('issue'), suggestions: Array(4).fill('suggestion') }
    const result = { executionTime: 60_000, coverage: 0.5, resourceUsage: { cpu: 1, memory: 1 }, timeout: true }
    expect(multiFactor.calculate({ ...result, success: false, errors: Array(10).fill('error') }, feedback)).toBe(-2)
  })
})

test('accepts errors as a list or as a number', () => {
  const errors = ['one', 'two']
  expect(inline.calculate({ errors })).toBe(inline.calculate({ errors: 2 }))
  expect(inline.calculate({ errors })).toBeCloseTo(0.8, 14)
  expect(inline.calculate({}, { rating: 1, issues: ['slow'] })).toBeCloseTo(1 + 1 - 0.2, 14)
})

test('uses the given weights', () => {
  const onlyQuality = new RewardCalculator({ weights: { success: 0, time: 0, resources: 0, feedback: 0 } })
  expect(onlyQuality.calculate({ success: false, executionTime: 99_999, quality: 0.25 })).toBeCloseTo(0.5, 14)
})

test('stays within [-2, 2] for every result', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const result = fc.record(
    {
      success: fc.boolean(),
      executionTime: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      errors: fc.nat(1e6),
      timeout: fc.boolean(),
      quality: share,
      coverage: share,
      resourceUsage: fc.record({ cpu: share, memory: share }),
    },
    { requiredKeys: [] },
  )
  const feedback = fc.option(
    fc.record({ rating: share, issues: fc.array(fc.constant('issue')), suggestions: fc.array(fc.constant('more')) }),
    { nil: undefined },
  )
  fc.assert(
    fc.property(result, feedback, (one, opinion) => {
      for (const calculator of [inline, multiFactor]) {
        const reward = calculator.calculate(one, opinion)
        expect(reward).toBeGreaterThanOrEqual(-2)
        expect(reward).toBeLessThanOrEqual(2)
      }
    }),
  )
})

test.each<[string, () => unknown, string]>([
  ['an unknown formula', () => new RewardCalculator({ formula: 'v2' as 'inline-v1' }), 'the formula to be'],
  ['an unknown weight', () => new RewardCalculator({ weights: { speed: 1 } as object }), 'got speed'],
  ['a negative weight', () => new RewardCalculator({ weights: { time: -1 } }), 'the weight of time'],
  [
    'weights of nothing',
    () => new RewardCalculator({ weights: { success: 0, time: 0, quality: 0, resources: 0, feedback: 0 } }),
    'the sum of the weights to be a number above 0, got 0',
  ],
  ['a coverage in percent', () => inline.calculate({ coverage: 85 }), 'coverage to be a number from 0 to 1, got 85'],
  ['a rating of 5', () => inline.calculate({}, { rating: 5 }), 'rating'],
  ['a negative time', () => inline.calculate({ executionTime: -1 }), 'executionTime'],
  ['a source that is none', () => inline.calculate({}, { rating: 1, source: 'me' as 'user' }), 'source to be one of'],
])('refuses %s', (_, work, message) => {
  expect(work).toThrow(message)
})
