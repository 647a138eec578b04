import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { featuresOf, nearest, rangesOf, similarity } from '../../src/algorithms/state-similarity.ts'
import type { JsonValue } from '../../src/json-value.ts'
import { plainValue } from '../plain-value.ts'

/** Of two states, the ranges being those of the two. */
function alike(a: JsonValue, b: JsonValue): number {
  const [first, second] = [featuresOf(a), featuresOf(b)]
  return similarity(first, second, rangesOf([first, second]))
}

describe('similarity', () => {
  // By hand: the sum over the names, divided by how many names there are in either.
  test.each<[JsonValue, JsonValue, number]>([
    [{ a: 'x', b: true }, { a: 'x', b: false }, 1 / 2],
    [{ a: 'x', b: 1 }, { a: 'x', c: 1 }, 1 / 3],
    [{ a: 4 }, { a: 5 }, 1 - 1 / 5],
    [{ a: 0 }, { a: 5 }, 0],
    [{ a: -1 }, { a: 1 }, 0],
    [{ a: { b: 1, c: 'x' } }, { a: { b: 1, c: 'y' } }, 1 / 2],
    [{ a: { b: 1 } }, { 'a.b': 1 }, 0],
    [{ tags: ['a', 'b'] }, { tags: ['c', 'b', 'a'] }, 2 / 3],
    [{ tags: ['a', 'a'] }, { tags: ['a'] }, 1],
    [{ tags: [] }, { tags: [] }, 1],
    [{ tags: [] }, { tags: ['a'] }, 0],
    [{ at: [3, 4] }, { at: [4, 3] }, 3 / 4],
    [[3, 4], [3], 1 / 2],
    [{ a: '1' }, { a: 1 }, 0],
    [{ a: null }, { a: 'null' }, 0],
    [{ a: {} }, { a: { b: 1 } }, 0],
    [{ a: undefined, b: 1 }, { b: 1 }, 1],
    ['s1', 's2', 0],
    ['s1', { s1: 1 }, 0],
    [1, { '': 1 }, 0],
    [8, 10, 0.8],
    [-Number.MAX_VALUE, Number.MAX_VALUE, 0],
    [Number.MAX_VALUE / 2, Number.MAX_VALUE, 1 / 2],
  ])('of %j and %j is %d', (a, b, expected) => {
    expect(alike(a, b)).toBeCloseTo(expected, 14)
  })

  test('relates a difference to the range over all compared states', () => {
    const [a, b, far] = [{ load: 4 }, { load: 5 }, { load: -10 }].map(featuresOf)
    if (!a || !b || !far) throw new Error('unreachable')
    expect(similarity(a, b, rangesOf([a, b, far]))).toBeCloseTo(1 - 1 / 15, 14)
  })

  test('lies in [0, 1], is symmetric to the last bit, and 1 for the state itself', () => {
    fc.assert(
      fc.property(plainValue, plainValue, (a, b) => {
        expect(alike(a, b)).toBeGreaterThanOrEqual(0)
        expect(alike(a, b)).toBeLessThanOrEqual(1)
        expect(alike(a, b)).toBe(alike(b, a))
        expect(alike(a, a)).toBe(1)
      }),
      { numRuns: 2000 },
    )
  })

  test('does not depend on the order of names, to the last bit', () => {
    const number = fc.integer({ min: 1, max: 1000 })
    const pairs = fc.array(fc.tuple(number, number), { minLength: 3 })
    fc.assert(
      fc.property(pairs, (numbers) => {
        const named = (which: 0 | 1) => numbers.map((pair, i): [string, number] => [`n${i}`, pair[which]])
        const [a, b] = [named(0), Object.fromEntries(named(1))]
        expect(alike(Object.fromEntries(a.toReversed()), b)).toBe(alike(Object.fromEntries(a), b))
      }),
    )
  })
})

test('nearest returns up to `limit` states, the most similar first, ties by key', () => {
  const seen = ['c', 'a', 'b', 'd'].map((key) => ({ key, features: featuresOf(key === 'c' ? { n: 9 } : { n: 5 }) }))
  const found = nearest(featuresOf({ n: 10 }), seen, 3)
  expect(found.map(({ state, similarity }) => [state.key, similarity])).toEqual([
    ['c', 0.9],
    ['a', 0.5],
    ['b', 0.5],
  ])
  expect(nearest(featuresOf('s'), [], 3)).toEqual([])
})
