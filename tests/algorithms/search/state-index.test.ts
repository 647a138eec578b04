import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/algorithms/random.ts'
import { StateIndex } from '../../../src/algorithms/search/state-index.ts'
import { type Features, featuresOf, nearest } from '../../../src/algorithms/state-similarity.ts'
import type { JsonValue } from '../../../src/json-value.ts'

/** The features, which call back when one of them is read. */
function watched(features: Features, onRead: () => void): Features {
  return new Proxy(features, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (name === 'get') onRead()
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
const category = fc.constantFrom('a', 'b', 'c', 'd')
const state: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.record({ x: number, y: number }),
  fc.record({ x: number, kind: category }),
  fc.record({ x: fc.oneof(number, category), kind: category, tags: fc.array(category, { maxLength: 3 }) }),
  fc.record({ kind: category, load: fc.double({ min: 0, max: 1, noNaN: true }) }, { requiredKeys: [] }),
  category,
  fc.array(number, { minLength: 1, maxLength: 3 }),
)

test('finds what comparing all states finds', () => {
  fc.assert(
    fc.property(
      fc.array(state, { maxLength: 400 }),
      fc.array(state, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(0, 0.5),
      (states, queries, limit, least) => {
        const index = new StateIndex()
        const seen = states.map((one, i) => ({ key: `${i}`, features: featuresOf(one) }))
        for (const { key, features } of seen) index.add(key, features)
        expect(index.size).toBe(seen.length)
        for (const query of queries.map(featuresOf)) {
          const expected = nearest(query, seen, limit).filter(({ similarity }) => similarity >= least)
          const found = index.nearest(query, limit, least)
          expect(found.map(({ state, similarity }) => [state.key, similarity])).toEqual(
            expected.map(({ state, similarity }) => [state.key, similarity]),
          )
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('finds them after the ranges of the features have grown', () => {
  const random = seededRandom(1, 'growing')
  const index = new StateIndex()
  const seen: { key: string; features: Features }[] = []
  for (let i = 0; i < 2_000; i++) {
    const features = featuresOf({ x: random.next() * (1 + i), y: random.next() })
    seen.push({ key: `${i}`, features })
    index.add(`${i}`, features)
    if (i % 100 !== 99) continue
    const query = featuresOf({ x: random.next() * 3 * i, y: random.next() })
    expect(index.nearest(query, 5)).toEqual(nearest(query, seen, 5))
  }
})

test('compares a small part of the states', () => {
  const random = seededRandom(1, 'sublinear')
  const index = new StateIndex()
  for (let i = 0; i < 8_000; i++) index.add(`${i}`, featuresOf({ x: random.next(), y: random.next() }))
  let compared = 0
  const queries = 20
  for (let i = 0; i < queries; i++) {
    const query = featuresOf({ x: random.next(), y: random.next() })
    index.nearest(
      watched(query, () => compared++),
      5,
    )
  }
  // Comparing all would read 32,000 features.
  expect(compared / queries).toBeLessThan(2_000)
})
