import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { namedFeatures } from '../../../src/algorithms/features/named-features.ts'
import { choleskyFactor, rowAt, solveLower, solveUpper } from '../../../src/algorithms/linear/cholesky.ts'
import {
  ExactLinearLearner,
  type ExactLinearSettings,
  MOST_EXACT_FEATURES,
} from '../../../src/algorithms/linear/exact-linear-learner.ts'
import { LinearSums } from '../../../src/algorithms/linear/linear-sums.ts'
import { seededRandom } from '../../../src/algorithms/random.ts'
import type { JsonValue } from '../../../src/json-value.ts'

interface Experience {
  readonly state: JsonValue
  readonly action: string
  readonly reward: number
}

const number = fc.double({ min: -100, max: 100, noNaN: true })
const experience: fc.Arbitrary<Experience> = fc.record({
  state: fc.record(
    {
      pages: number,
      tool: fc.constantFrom('search', 'book', 'pay'),
      query: fc.constantFrom('a b', 'b c d e'),
      ok: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  action: fc.constantFrom('x', 'y'),
  reward: number,
})

const featuresOf = (state: JsonValue): Map<string, number> => namedFeatures(state, undefined)
const draw = (): number => 0.5

function learnt(
  experiences: readonly Experience[],
  algorithm: ExactLinearSettings['algorithm'] = 'lin-ucb',
): ExactLinearLearner {
  const learner = new ExactLinearLearner({ algorithm, scale: 1 })
  for (const { state, action, reward } of experiences) learner.learn(featuresOf(state), action, reward)
  return learner
}

/** The sums by name, so that the order in which features occurred does not matter. */
function byName(learner: ExactLinearLearner): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [key, { names, products, targets, squaredRewards }] of learner.toData()) {
    sums[`${key} squares`] = squaredRewards
    for (const [i, name] of names.entries()) {
      sums[`${key} ${name}`] = targets[i] ?? Number.NaN
      for (let j = 0; j <= i; j++) {
        sums[`${key} ${[name, names[j] ?? ''].sort().join(' x ')}`] = products[rowAt(i) + j] ?? Number.NaN
      }
    }
  }
  return sums
}

function expectNear(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  for (const name of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const [a, b] = [actual[name] ?? 0, expected[name] ?? 0]
    expect(Math.abs(a - b), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b)))
  }
}

test('a Cholesky factor solves its equations', () => {
  const rows = fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(rows, fc.array(number, { minLength: 5, maxLength: 5 }), (xs, b) => {
      const element = (i: number, j: number): number =>
        xs.reduce((sum, x) => sum + (x[i] ?? 0) * (x[j] ?? 0), i === j ? 1 : 0)
      const lower = Float64Array.from({ length: 15 })
      for (let i = 0; i < 5; i++) for (let j = 0; j <= i; j++) lower[rowAt(i) + j] = element(i, j)
      const factor = choleskyFactor(lower, 5, 1)
      const solution = solveUpper(factor, solveLower(factor, Float64Array.from(b)))
      for (let i = 0; i < 5; i++) {
        const product = [...solution].reduce((sum, x, j) => sum + x * element(Math.max(i, j), Math.min(i, j)), 0)
        expect(product).toBeCloseTo(b[i] ?? Number.NaN, 6)
      }
    }),
  )
})

describe('sums', () => {
  test('of the halves add to those of all experiences', () => {
    fc.assert(
      fc.property(fc.array(experience, { maxLength: 12 }), fc.nat({ max: 12 }), (all, at) => {
        const merged = learnt(all.slice(0, at))
        merged.merge(learnt(all.slice(at)).toData())
        expectNear(byName(merged), byName(learnt(all)))
      }),
    )
  })

  test('are plain data: a learner of stored sums estimates the same bits', () => {
    fc.assert(
      fc.property(fc.array(experience, { maxLength: 8 }), experience, (all, { state }) => {
        const learner = learnt(all)
        const stored = new ExactLinearLearner(
          { algorithm: 'lin-ucb', scale: 1 },
          JSON.parse(JSON.stringify(learner.toData())),
        )
        expect(stored.estimates(featuresOf(state), ['x', 'y', 'z'])).toEqual(
          learner.estimates(featuresOf(state), ['x', 'y', 'z']),
        )
      }),
    )
  })

  test('of what the caller passed do not change with the learner', () => {
    const data = new LinearSums().toData()
    const learner = new ExactLinearLearner({ algorithm: 'lin-ucb', scale: 1 }, [['x', data]])
    learner.learn(featuresOf({ a: 1 }), 'x', 1)
    expect(data).toEqual(new LinearSums().toData())
  })
})

describe('estimates', () => {
  const line = Array.from({ length: 50 }, (_, x) => ({ state: { x }, action: 'x', reward: 3 + 2 * x }))

  test('are near a line through the rewards, beyond them too', () => {
    const [estimate] = learnt(line).estimates(featuresOf({ x: 100 }), ['x'])
    expect(estimate?.mean).toBeCloseTo(203, 1)
  })

  test('do not depend on the units and the zero of a feature, up to the choice of a power of 2', () => {
    const moved = line.map((one) => ({ ...one, state: { x: 1e6 + 1024 * one.state.x } }))
    const [a] = learnt(line).estimates(featuresOf({ x: 60 }), ['x'])
    const [b] = learnt(moved).estimates(featuresOf({ x: 1e6 + 1024 * 60 }), ['x'])
    expect(b?.mean).toBeCloseTo(a?.mean ?? Number.NaN, 0)
  })

  test('of an action without experience are the mean of all rewards, with a wide standard error', () => {
    const experiences = [1, 2, 3, 2, 1, 3].map((reward, i) => ({
      state: { type: 'a' },
      action: i % 2 ? 'x' : 'y',
      reward,
    }))
    const [known, unknown] = learnt(experiences).estimates(featuresOf({ type: 'a' }), ['x', 'z'])
    expect(unknown?.mean).toBe(2)
    expect(unknown?.deviation).toBeGreaterThan(1.5 * (known?.deviation ?? Number.NaN))
  })

  test('are finite, and the probabilities have sum 1, whatever was learned', () => {
    const any = fc.record({
      state: fc.dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()),
        { maxKeys: 3 },
      ),
      action: fc.constantFrom('x', 'y', 'z'),
      reward: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 10 }),
        any,
        fc.constantFrom('lin-ucb', 'lin-ts'),
        (all, { state }, algorithm) => {
          const random = seededRandom(1, 'any')
          const { estimates, probabilities } = learnt(all, algorithm).predict(featuresOf(state), ['x', 'y', 'z'], () =>
            random.next(),
          )
          for (const { mean, deviation } of estimates) expect(Number.isFinite(mean) && deviation >= 0).toBe(true)
          expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
        },
      ),
    )
  })
})

test('nothing is preferred before anything was learned', () => {
  expect(learnt([]).predict(featuresOf({ a: 1 }), ['x', 'y'], draw).probabilities).toEqual([0.5, 0.5])
})

test('the caller can refuse a state with too many features before it is learned', () => {
  const learner = learnt([])
  for (let i = 0; i < 199; i++) learner.learn(featuresOf({ id: `n${i}` }), 'x', 1)
  expect(learner.featureCount(featuresOf({ id: 'n1' }))).toBe(MOST_EXACT_FEATURES)
  expect(learner.featureCount(featuresOf({ id: 'other' }))).toBe(MOST_EXACT_FEATURES + 1)
})

test('explains an estimate by what each feature adds to it', () => {
  const learner = learnt(
    Array.from({ length: 40 }, (_, i) => ({
      state: { tool: i % 2 ? 'search' : 'book', noise: (i * 7) % 5 },
      action: 'x',
      reward: i % 2 ? 1 : 0,
    })),
  )
  const [first, second, ...rest] = learner.explain(featuresOf({ tool: 'search', noise: 2 }), 'x', 10)
  expect([first?.feature, second?.feature]).toContain('tool=search')
  expect(first?.contribution).toBeGreaterThan(0.2)
  for (const { contribution } of rest) expect(Math.abs(contribution)).toBeLessThan(0.1)
})
