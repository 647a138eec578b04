import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, keyOf } from '../../../src/algorithms/keys/keys.ts'
import { parseKey } from '../../../src/algorithms/keys/parse-key.ts'
import { StoreError } from '../../../src/errors.ts'
import type { JsonValue } from '../../../src/json-value.ts'
import { plainValue } from '../../plain-value.ts'

describe('keyOf', () => {
  test.each<[JsonValue, string]>([
    // The two keys printed in the agentic-qe document.
    [{ attempts: 0, capabilities: 'unit-test', complexity: 0.5 }, 'complexity:0.5|capabilities:unit-test|attempts:0'],
    [{ strategy: 'template-based', parallelization: 0.7 }, 'strategy:template-based|parallelization:0.7'],
    [
      { a: 1, complexity: 0.5, capabilities: ['a', 'b'], attempts: 0 },
      'complexity:0.5|capabilities:a,b|attempts:0|a:1',
    ],
    [{ complexity: 0.5, attempts: 0 }, 'attempts:0|complexity:0.5'],
    [{ strategy: 's', retries: 1 }, 'retries:1|strategy:s'],
    [{ b: { y: 2, x: 1 }, a: ['unit', 'e2e'] }, 'a:unit,e2e|b.x:1|b.y:2'],
    ['start', 'start'],
    [14, '14'],
    ['14', '"14"'],
    ['true', '"true"'],
    [null, 'null'],
    ['', '""'],
    ['a|b:c,d\\"', 'a\\|b\\:c\\,d\\\\\\"'],
    [{ 'a.b': 1 }, 'a\\.b:1'],
    [['one'], 'one,'],
    [[], ','],
    [{}, '()'],
    [[[1, 2], { a: 1 }], '(1,2),(a:1)'],
    [-0, '0'],
    [1e21, '1e+21'],
  ])('writes %j as %s', (value, key) => {
    expect(keyOf(value)).toBe(key)
  })

  test("round-trips the task state and the action of agentic-qe's persistence document with any other names", () => {
    const names = ['complexity', 'capabilities', 'attempts', 'strategy', 'parallelization', 'b']
    fc.assert(
      fc.property(fc.subarray(names), fc.array(plainValue, { minLength: 6, maxLength: 6 }), (some, values) => {
        const value = Object.fromEntries(some.map((name, i) => [name, values[i] as JsonValue]))
        expect(parseKey(keyOf(value))).toEqual(canonical(value))
        expect(keyOf(Object.fromEntries(Object.entries(value).toReversed()))).toBe(keyOf(value))
      }),
      { numRuns: 1000 },
    )
  })

  test('round-trips every plain value', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(parseKey(keyOf(value))).toEqual(canonical(value))
      }),
      { numRuns: 5000 },
    )
  })

  test('gives different values different keys', () => {
    fc.assert(
      fc.property(plainValue, plainValue, (a, b) => {
        const same = JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))
        expect(keyOf(a) === keyOf(b)).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })

  test('does not depend on the order of names or on undefined properties', () => {
    expect(keyOf({ b: 1, a: 2, c: undefined })).toBe(keyOf({ a: 2, b: 1 }))
  })

  test.each<[string, unknown, string]>([
    ['NaN', { a: Number.NaN }, 'finite numbers, got NaN'],
    ['a date', new Date(0), 'plain data, got a Date'],
    ['a function', () => 1, 'plain data, got a value of type function'],
    ['undefined', undefined, 'plain data, got a value of type undefined'],
    ['a hole in a list', [undefined], 'plain data, got a value of type undefined'],
    ['a bigint', 1n, 'plain data, got a value of type bigint'],
    ['a map', { a: new Map() }, 'plain data, got a Map'],
    ['half a character', 'a\ud800', 'well-formed Unicode'],
  ])('refuses %s', (_, value, message) => {
    expect(() => keyOf(value as JsonValue, 'state')).toThrow(message)
    expect(() => keyOf(value as JsonValue, 'state')).toThrow(StoreError)
  })

  test('refuses circular data', () => {
    const circle: { [name: string]: JsonValue } = {}
    circle.self = circle
    expect(() => keyOf(circle)).toThrow('deeper or circular')
    const list: JsonValue[] = []
    list.push(list)
    expect(() => keyOf(list)).toThrow('deeper or circular')
  })
})

test.each([
  'a:1|a.b:2',
  '',
  '01',
  '('.repeat(100_000),
  `${'a.'.repeat(100_000)}a:1`,
  'b:1|a:1',
  'a:"b',
  '(a',
  'a\\',
  'a:1|',
  'a|b',
  'a"b',
])('parseKey refuses %s', (text) => {
  expect(() => parseKey(text)).toThrow(StoreError)
})
