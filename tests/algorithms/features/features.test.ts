import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashOfName } from '../../../src/algorithms/features/feature-hash.ts'
import type { FeatureKind } from '../../../src/algorithms/features/feature-kinds.ts'
import {
  actionNames,
  isNumeric,
  jointNames,
  namedFeatures,
  stateNames,
} from '../../../src/algorithms/features/named-features.ts'
import { MOST_SCALES, Scales } from '../../../src/algorithms/features/scales.ts'
import { actionVector, jointVector, stateVector } from '../../../src/algorithms/features/sparse-vector.ts'
import type { JsonValue } from '../../../src/json-value.ts'

const scales = new Scales()
const plain = { kinds: undefined, scales }
const kindsOf = (kinds: Readonly<Record<string, FeatureKind>>): ReadonlyMap<string, FeatureKind> =>
  new Map(Object.entries(kinds))

/** Strings of words, also in other scripts, and any other strings. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('book', 'a', 'flight', 'Zürich', '東京', 'naïve', '😀', "don't", 'x1'), { maxLength: 8 })
    .map((words) => words.join(' ')),
)
const leaf = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), text)
const state: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 15, maxLength: 20 }),
    fc.dictionary(
      fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('a=b', 'a.b', '(state)', '\\', '~"')),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
})).value

/** The same data with the names of all objects in reverse order. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner ?? null)]),
  )
}

describe('the features of a state', () => {
  test.each<[JsonValue, readonly string[]]>([
    [{}, []],
    [null, ['(state)=null']],
    [3, ['(state)']],
    ['search', ['(state)=search']],
    [
      { pages: 3, tool: 'search', mobile: false, user: { age: 30, plan: null } },
      ['mobile=false', 'pages', 'tool=search', 'user.age', 'user.plan=null'],
    ],
    [{ tags: ['b', 'a', 'b'], at: [1, 2] }, ['at[0]', 'at[1]', 'tags=b', 'tags=a']],
    [{ rows: [{ n: 1 }, { n: 2 }] }, ['rows[0].n', 'rows[1].n']],
    [{ 'a=b': 'c', 'a.b': 1 }, ['a\\.b', 'a\\=b=c']],
    [{ absent: undefined }, []],
    [{ id: '42' }, ['id=42']],
  ])('%j has the names %j, after an intercept', (value, names) => {
    expect(stateNames(value, undefined)).toEqual(['(intercept)', ...names])
  })

  test('of a text are its words, pairs of words, and n-grams of four with the boundaries of words', () => {
    expect(stateNames({ query: 'Book a flight' }, undefined)).toEqual([
      '(intercept)',
      'query=Book a flight',
      'query~"book"',
      'query~"boo*"',
      'query~"*book*"',
      'query~"*ook"',
      'query~"a"',
      'query~"book a"',
      'query~"flight"',
      'query~"a flight"',
      'query~"fli*"',
      'query~"*flig*"',
      'query~"*ligh*"',
      'query~"*ight*"',
      'query~"*ght"',
    ])
  })

  test('of a text without spaces are its characters and pairs of them', () => {
    const names = stateNames('東京都へ行く😀', undefined).slice(1)
    expect(names.filter((name) => !name.includes('*'))).toEqual([
      '(state)~"東"',
      '(state)~"京"',
      '(state)~"東 京"',
      '(state)~"都"',
      '(state)~"京 都"',
      '(state)~"へ"',
      '(state)~"都 へ"',
      '(state)~"行"',
      '(state)~"へ 行"',
      '(state)~"く"',
      '(state)~"行 く"',
      '(state)~"😀"',
      '(state)~"く 😀"',
    ])
  })

  test('of a longer text are not that text as a category: it would hardly recur', () => {
    expect(stateNames('one two three', undefined)).toContain('(state)=one two three')
    expect(stateNames('one two three four', undefined).filter((name) => name.includes('='))).toEqual([])
    expect(stateNames('a'.repeat(64), undefined)).toContain(`(state)~"${'a'.repeat(64)}"`)
    expect(stateNames('a'.repeat(65), undefined).filter((name) => name.includes('='))).toEqual([])
  })

  test('follow the kinds of fields, which hold for all that is below', () => {
    const value = { id: 'a b', n: '7', flag: true, code: 404, note: 'hi', at: [1, 2], meta: { a: 1, b: 'x' } }
    const kinds = kindsOf({
      id: 'category',
      n: 'number',
      flag: 'number',
      code: 'category',
      note: 'text',
      at: 'vector',
      meta: 'ignore',
    })
    expect(stateNames(value, kinds)).toEqual([
      '(intercept)',
      'at[0]',
      'at[1]',
      'code=404',
      'flag',
      'id=a b',
      'n',
      'note~"hi"',
    ])
    expect(stateNames({ meta: { a: 1, b: 2 } }, kindsOf({ meta: 'category' }))).toEqual([
      '(intercept)',
      'meta.a=1',
      'meta.b=2',
    ])
    expect(stateNames({ n: 'many' }, kindsOf({ n: 'number' }))).toEqual(['(intercept)', 'n=many'])
  })

  test('have the hashes of their names, which the hot path never builds', () => {
    fc.assert(
      fc.property(state, (value) => {
        expect(stateVector(value, plain).hashes).toEqual(stateNames(value, undefined).map(hashOfName))
        expect(actionVector(value, plain).hashes).toEqual(actionNames(value, undefined).map(hashOfName))
      }),
    )
  })

  test('do not depend on the order of names', () => {
    fc.assert(
      fc.property(state, (value) => {
        expect(stateVector(reversed(value), plain)).toEqual(stateVector(value, plain))
      }),
    )
  })

  test('of different fields have different names', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.boolean(), fc.string()), { maxKeys: 8 }),
        (value) => {
          const names = stateNames(value, undefined)
          expect(new Set(names).size).toBe(names.length)
        },
      ),
    )
  })

  test('are finite, whatever was seen before', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (states) => {
        const seen = new Scales()
        for (const one of states) {
          seen.observe(one, undefined, undefined)
          expect(stateVector(one, { kinds: undefined, scales: seen }).values.every(Number.isFinite)).toBe(true)
        }
      }),
    )
  })

  test('of a text have length 1 together, however long it is', () => {
    fc.assert(
      fc.property(text, (value) => {
        const { values } = stateVector({ value }, { kinds: kindsOf({ value: 'text' }), scales })
        const squared = values.slice(1).reduce((sum, x) => sum + x * x, 0)
        expect(squared).toBeCloseTo(values.length > 1 ? 1 : 0, 12)
      }),
    )
  })

  test('of a document cost no more than those of its first thousand words', () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `word${i}`)
    expect(stateNames(words.join(' '), undefined)).toEqual(stateNames(words.slice(0, 1_000).join(' '), undefined))
  })
})

describe('numbers are standardized', () => {
  const settings = (values: readonly number[]): typeof plain => {
    const seen = new Scales()
    for (const pages of values) seen.observe({ pages }, undefined, undefined)
    return { kinds: undefined, scales: seen }
  }

  test('by the mean and the standard deviation of those before', () => {
    expect(stateVector({ pages: 9 }, settings([2, 4, 4, 4, 5, 5, 7, 9])).values[1]).toBeCloseTo(2, 12)
    expect(stateVector({ pages: 5e12 + 4 }, settings([5e12, 5e12 + 4])).values[1]).toBeCloseTo(1, 3)
  })

  test('to 0 as long as they are all alike, and to 8 at most', () => {
    expect(stateVector({ pages: 3 }, settings([3, 3])).values[1]).toBe(0)
    expect(stateVector({ pages: 3 }, settings([])).values[1]).toBe(0)
    expect(stateVector({ pages: 1e300 }, settings([1, 2])).values[1]).toBe(8)
  })

  test('in an embedding by the mean length of those before', () => {
    const seen = new Scales()
    const embedding = Array.from({ length: 20 }, () => 3)
    seen.observe({ embedding }, undefined, undefined)
    const { values } = stateVector({ embedding }, { kinds: undefined, scales: seen })
    expect(values.slice(1).reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 12)
  })

  test('by name, of which those that were not seen for longest are forgotten when there are too many', () => {
    const seen = new Scales()
    for (let i = 0; i < MOST_SCALES; i++) seen.observe({ pages: i % 10, [`customer ${i}`]: i }, undefined, undefined)
    expect(seen.toData()).toHaveLength(MOST_SCALES)
    expect(seen.standardized('pages', 9)).toBeCloseTo(Math.sqrt(27 / 11), 2)
    expect(seen.toData().map(([name]) => name)).not.toContain('customer 0')
    expect(seen.toData().map(([name]) => name)).toContain('customer 1')
  })

  test('with scales that are stored as plain data', () => {
    const { scales: seen } = settings([1, 2, 6])
    const stored = new Scales(JSON.parse(JSON.stringify(seen.toData())))
    expect(stored.standardized('pages', 4)).toBe(seen.standardized('pages', 4))
  })
})

test('a state and an action together have each feature of the state, and its products with those of the action', () => {
  const [a, b] = [stateVector({ type: 'unit' }, plain), actionVector({ fast: true, cost: 'low' }, plain)]
  const names = jointNames(stateNames({ type: 'unit' }, undefined), actionNames({ fast: true, cost: 'low' }, undefined))
  expect(names).toEqual([
    '(intercept)',
    'type=unit',
    '(action).cost=low',
    'type=unit * (action).cost=low',
    '(action).fast=true',
    'type=unit * (action).fast=true',
  ])
  const joint = jointVector(a, b)
  expect(joint.hashes).toHaveLength(names.length)
  expect(new Set(joint.hashes).size).toBe(names.length)
  expect(joint.values).toEqual([0.3, 1, 0.3, 1, 0.3, 1])
})

test('an exact learner has the words of a text, and numbers in their own units', () => {
  expect([...namedFeatures({ pages: 3, query: 'book a flight now' }, undefined)]).toEqual([
    ['(intercept)', 1],
    ['pages', 3],
    ['query~"book"', 0.5],
    ['query~"a"', 0.5],
    ['query~"flight"', 0.5],
    ['query~"now"', 0.5],
  ])
  expect(['pages', 'a\\=b', 'at[0]', '(state)'].filter(isNumeric)).toHaveLength(4)
  expect(['tool=search', 'query~"book"', 'a\\\\=b', '(intercept)', 'a\n=b'].filter(isNumeric)).toEqual([])
})
