import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeyedAction, LinearLearner, type LinearSettings } from '../../../src/algorithms/linear/linear-learner.ts'
import { squareCb, thompsonShares } from '../../../src/algorithms/linear/linear-policies.ts'
import { factorOfStored, RewardLink } from '../../../src/algorithms/linear/reward-link.ts'
import { SparseWeights, WEIGHTS } from '../../../src/algorithms/linear/sparse-weights.ts'
import { LINEAR_POLICIES } from '../../../src/algorithms/policies.ts'
import { seededRandom } from '../../../src/algorithms/random.ts'
import type { JsonValue } from '../../../src/json-value.ts'
import { DEFAULTS } from './played.ts'

const keyed = (action: JsonValue): KeyedAction => ({ key: JSON.stringify(action), action })
const ACTIONS = ['x', 'y', { cost: 3 }].map(keyed)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

const experience = fc.record({
  state: fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean()),
    { maxKeys: 3 },
  ),
  action: fc.nat({ max: 2 }),
  reward: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ noNaN: true, noDefaultInfinity: true })),
})
const settings: fc.Arbitrary<LinearSettings> = fc.record({
  policy: fc.constantFrom(...LINEAR_POLICIES),
  epsilon: fc.constant(0.1),
  actionFeatures: fc.boolean(),
  kinds: fc.constant(undefined),
})

function learn(
  learner: LinearLearner,
  experiences: readonly { state: JsonValue; action: number; reward: number }[],
): LinearLearner {
  for (const { state, action, reward } of experiences) learner.learn(state, ACTIONS[action] ?? keyed(null), reward)
  return learner
}

describe('a linear learner', () => {
  test('predicts finite values and a distribution, whatever was learned', () => {
    fc.assert(
      fc.property(settings, fc.array(experience, { maxLength: 10 }), experience, (chosen, all, { state }) => {
        const random = seededRandom(1, 'any')
        const { values, probabilities } = learn(new LinearLearner(chosen), all).predict(state, ACTIONS, () =>
          random.next(),
        )
        expect(values.every(Number.isFinite), `${values}`).toBe(true)
        expect(probabilities.every((p) => p >= 0)).toBe(true)
        expect(sum(probabilities)).toBeCloseTo(1, 12)
      }),
    )
  })

  test('continues from its stored state as if it had not stopped, with the same bytes', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(experience, { maxLength: 8 }),
        fc.array(experience, { maxLength: 4 }),
        (chosen, before, after) => {
          const learner = learn(new LinearLearner(chosen), before)
          const stored = new LinearLearner(chosen, learner.toState())
          expect(stored.toState()).toEqual(learner.toState())
          expect(learn(stored, after).toState()).toEqual(learn(learner, after).toState())
        },
      ),
    )
  })

  test('learns the rewards of each action', () => {
    const learner = new LinearLearner(DEFAULTS)
    for (let i = 0; i < 200; i++) learner.learn({ type: i % 2 ? 'a' : 'b' }, keyed(i % 4 < 2 ? 'x' : 'y'), i % 2)
    const [x = 0, y = 0, untried = 0] = learner.values({ type: 'a' }, ['x', 'y', 'z'].map(keyed))
    expect(Math.min(x, y)).toBeGreaterThan(0.9)
    expect(untried).toBeCloseTo(0.731, 3)
    expect(Math.max(...learner.values({ type: 'b' }, ['x', 'y'].map(keyed)))).toBeLessThan(0.1)
  })

  test('learns rewards outside of [0, 1] in their own unit, from the first of them on', () => {
    const learner = new LinearLearner(DEFAULTS)
    for (let i = 0; i < 50; i++) learner.learn({}, keyed('x'), i % 2)
    for (let i = 0; i < 400; i++) learner.learn({ type: i % 2 ? 'a' : 'b' }, keyed('x'), i % 2 ? 700 : -300)
    const [a] = learner.values({ type: 'a' }, [keyed('x')])
    const [b] = learner.values({ type: 'b' }, [keyed('x')])
    expect(Math.abs((a ?? 0) - 700)).toBeLessThan(70)
    expect(Math.abs((b ?? 0) + 300)).toBeLessThan(70)
  })

  test('explains a score by the features that add to it', () => {
    const learner = new LinearLearner(DEFAULTS)
    for (let i = 0; i < 100; i++) {
      learner.learn({ query: i % 2 ? 'book a flight' : 'play a song', n: i % 7 }, keyed('x'), i % 2)
    }
    const features = learner.explain({ query: 'book a flight', n: 3 }, keyed('x'), 5).map(({ feature }) => feature)
    expect(features).toContain('query=book a flight')
    expect(learner.explain({ query: 'book a flight', n: 3 }, keyed('never'), 5)).toEqual([])
  })

  test('with features of actions chooses a new action well', () => {
    const learner = new LinearLearner({ ...DEFAULTS, actionFeatures: true })
    const random = seededRandom(0, 'new action')
    const model = (skill: string, size: number): KeyedAction => keyed({ skill, size })
    const known = [model('code', 1), model('code', 2), model('prose', 1), model('prose', 2)]
    const rewardOf = (task: string, { action }: KeyedAction): number =>
      (action as { skill: string }).skill === task ? 1 : 0
    for (let i = 0; i < 300; i++) {
      const task = random.next() < 0.5 ? 'code' : 'prose'
      const action = known[Math.floor(random.next() * 4)] ?? keyed(null)
      learner.learn({ task }, action, rewardOf(task, action))
    }
    const [code = 0, prose = 0] = learner.values({ task: 'code' }, [model('code', 3), model('prose', 3)])
    expect(code - prose).toBeGreaterThan(0.7)
    const [explained] = learner.explain({ task: 'code' }, model('code', 3), 1)
    expect(explained?.feature).toMatch(/task=code|\(action\)\.skill=code/)
  })

  test('finds an action that is new after a thousand experiences with others', () => {
    const learner = new LinearLearner(DEFAULTS)
    const random = seededRandom(0, 'late action')
    const text = (): string =>
      `please book ${Math.floor(random.next() * 50)} flights to town ${Math.floor(random.next() * 50)}`
    for (let i = 0; i < 1_000; i++) learner.learn(text(), keyed(i % 2 ? 'x' : 'y'), random.next() < 0.4 ? 1 : 0)
    for (let i = 0; i < 20; i++) learner.learn(text(), keyed('z'), 1)
    const [x = 1, y = 1, z = 0] = learner.values(text(), ['x', 'y', 'z'].map(keyed))
    expect(z).toBeGreaterThan(Math.max(x, y) + 0.2)
  })
})

describe('squareCb', () => {
  test('gives 1 / (A + gamma gap) to all but the best, which takes the rest', () => {
    expect(squareCb([0.5, 0.9, 0.1], 10)).toEqual([1 / 7, 1 - 1 / 7 - 1 / 11, 1 / 11])
    expect(squareCb([0.5, 0.5], 1_000)).toEqual([0.5, 0.5])
    expect(squareCb([0.5, 0.9], 0)).toEqual([0.5, 0.5])
  })

  test('is a distribution that prefers greater values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.nat(1e6),
        (values, gamma) => {
          const shares = squareCb(values, gamma)
          expect(sum(shares)).toBeCloseTo(1, 12)
          for (const [a, value] of values.entries()) {
            for (const [b, other] of values.entries())
              if (value > other) expect(shares[a]).toBeGreaterThanOrEqual((shares[b] ?? 1) - 1e-15)
          }
        },
      ),
    )
  })
})

describe('thompsonShares', () => {
  test('are near the probabilities of being the best: .76 for N(1, 1) against N(0, 1)', () => {
    const random = seededRandom(0, 'thompson')
    const shares = Array.from({ length: 50 }, () => thompsonShares([1, 0], [1, 1], () => random.next())[0] ?? 0)
    // The normal distribution function at 1 / sqrt(2). The tolerance is four standard errors of 12,800 samples.
    expect(Math.abs(sum(shares) / 50 - 0.7602)).toBeLessThan(0.015)
  })

  test('without deviations are those of the greatest, each as much', () => {
    expect(thompsonShares([1, 2, 2], [0, 0, 0], () => 0.5)).toEqual([0, 0.5, 0.5])
  })
})

/** Claims first: that may replace the numbers. */
function write(weights: SparseWeights, feature: number, value: number): void {
  const at = weights.findOrInsert(feature)
  weights.numbers[at] = value
  weights.numbers[at + 1] = feature
}

describe('SparseWeights', () => {
  test('are those that were written, also when they are read from bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(WEIGHTS - 1), fc.float({ noNaN: true })), { maxLength: 300 }), (entries) => {
        const weights = new SparseWeights()
        for (const [feature, value] of entries) {
          write(weights, feature, value)
        }
        const read = SparseWeights.fromBytes(weights.toBytes())
        expect(read.size).toBe(new Map(entries).size)
        for (const [feature, value] of new Map(entries)) {
          expect([weights.get(feature), read.get(feature)]).toEqual([value, value])
          expect(read.numbers[read.find(feature) + 1]).toBe(feature)
        }
      }),
    )
  })

  test('have room for all of them', () => {
    const weights = new SparseWeights()
    for (let feature = 0; feature < WEIGHTS; feature++) write(weights, feature * 7, feature)
    expect(weights.size).toBe(WEIGHTS)
    expect(weights.get(7 * 4_321)).toBe(4_321)
    expect(weights.toBytes()).toHaveLength(4 + 10 * WEIGHTS)
    expect(SparseWeights.fromBytes(weights.toBytes()).toBytes()).toEqual(weights.toBytes())
  })

  test('have bytes that do not depend on the order in which they were written', () => {
    const [a, b] = [new SparseWeights(), new SparseWeights()]
    for (let i = 0; i < 100; i++) write(a, i * 641, i)
    for (let i = 99; i >= 0; i--) write(b, i * 641, i)
    expect(a.toBytes()).toEqual(b.toBytes())
  })
})

describe('RewardLink', () => {
  test('is logistic for rewards in [0, 1], and has the same scores', () => {
    const link = new RewardLink()
    expect([link.observe(0), link.observe(1), link.observe(0.5)]).toEqual([1, 1, 1])
    expect(link.value(-1)).toBe(0.5)
  })

  test('changes to the unit of the rewards with the first outside, and to a larger one when they spread', () => {
    const link = new RewardLink()
    link.observe(0)
    // Mean 4, deviation 4: a unit of 8, of which a score has a half; the logistic score had a quarter of 1.
    expect(link.observe(8)).toBe(0.25 / (8 / 2))
    expect(link.value(0)).toBe(4 + 8 / 4)
    expect(link.observe(1_000)).toBe(8 / 1_024)
    expect(new RewardLink(link.toData()).value(0.5)).toBe(link.value(0.5))
  })

  test('converts the scores of models that an earlier version stored', () => {
    const learner = new LinearLearner(DEFAULTS)
    const [state, action] = [
      { pages: 3, kind: 'a' },
      { key: 'x', action: 'x' },
    ]
    for (let i = 0; i < 20; i++) learner.learn({ pages: i, kind: i % 2 ? 'a' : 'b' }, action, i % 3 === 0 ? -2 : 5)
    const { rewards, ...stored } = learner.toState()
    const { slope, ...earlier } = rewards
    expect([slope, factorOfStored(rewards), factorOfStored(earlier)]).toEqual([0.5, 1, 2])
    // Its scores were half as large for the same rewards.
    const weights = stored.weights.map(([key, bytes]) => {
      const half = SparseWeights.fromBytes(bytes)
      half.scale(0.5, 1)
      return [key, half.toBytes()] as const
    })
    const opened = new LinearLearner(DEFAULTS, { ...stored, weights, rewards: earlier })
    expect(opened.values(state, [action])).toEqual(learner.values(state, [action]))
    expect(factorOfStored({ ...earlier, unit: null })).toBe(1)
  })
})
