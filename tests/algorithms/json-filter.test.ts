import { describe, expect, test } from 'vitest'
import { checkJsonFilter, type JsonFilter, matchesJson } from '../../src/algorithms/json-filter.ts'
import type { JsonValue } from '../../src/json-value.ts'

const data: JsonValue = {
  n: 5,
  text: 'b',
  day: '2026-01-31',
  digits: '10',
  none: null,
  yes: true,
  list: ['a', { deep: 1 }],
  source: { name: 's', tags: ['x', 'y'], author: { id: 7 } },
  'a.b': 'own name',
  a: { b: 'path' },
}

describe('a filter of JSON data', () => {
  test.each<[holds: JsonFilter, doesNot: JsonFilter]>([
    [{}, { missing: null }],
    [{ n: 5 }, { n: '5' }],
    [{ none: null }, { none: 0 }],
    [
      { yes: true, n: 5 },
      { yes: true, n: 6 },
    ],
    [{ list: ['a', { deep: 1 }] }, { list: ['a'] }],
    [{ 'source.name': 's' }, { 'source.none': 's' }],
    [{ 'source.author.id': { $gt: 6 } }, { 'source.author.id.more': 7 }],
    [{ 'list.0': 'a' }, { 'list.-1': 'a' }],
    [{ 'list.1.deep': 1 }, { 'list.length': 2 }],
    [{ 'a.b': 'own name' }, { 'a.b': 'path' }],
    [{ source: { name: 's' } }, { source: { name: 't' } }],
    [{ source: { author: { id: { $in: [6, 7] } } } }, { source: { author: { id: { $in: [] } } } }],
    [{ n: { $eq: 5 } }, { n: { $eq: 6 } }],
    [{ source: { $eq: { author: { id: 7 }, tags: ['x', 'y'], name: 's' } } }, { source: { $eq: { name: 's' } } }],
    [{ n: { $ne: 6 }, missing: { $ne: 1 } }, { n: { $ne: 5 } }],
    [{ n: { $gt: 4, $lt: 6 } }, { n: { $gt: 5 } }],
    [{ n: { $gte: 5, $lte: 5 } }, { n: { $gte: 5.1 } }],
    [{ digits: { $gt: 9, $lt: '11' } }, { digits: { $lt: '9' } }],
    [{ day: { $gte: '2026-01-01', $lt: '2026-02-01' } }, { day: { $gt: '2026-02' } }],
    [{ text: { $gt: 'a' } }, { text: { $gt: 1 } }],
    [{ n: { $lt: 6 } }, { none: { $lt: 6 } }],
    [{ n: { $lt: 6 } }, { yes: { $gte: 0 } }],
    [{ n: { $lt: 6 } }, { missing: { $lt: 6 } }],
    [{ n: { $in: [1, 5] }, list: { $in: [['a', { deep: 1 }]] } }, { n: { $in: ['5'] } }],
    [{ n: { $nin: [1] }, missing: { $nin: [1] } }, { n: { $nin: [1, 5] } }],
    [{ none: { $exists: true }, missing: { $exists: false } }, { n: { $exists: false } }],
  ])('%j holds, and %j does not', (holds, doesNot) => {
    expect(matchesJson(data, checkJsonFilter(holds, 'filter'))).toBe(true)
    expect(matchesJson(data, checkJsonFilter(doesNot, 'filter'))).toBe(false)
  })

  test('reads own properties only, also of scalars', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'n.toFixed', 'text.length', 'text.0', 'list.at']) {
      expect(matchesJson(data, { [name]: { $exists: true } }), name).toBe(false)
    }
    const named = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as JsonValue
    expect(matchesJson(named, JSON.parse('{"__proto__":{"x":1},"constructor":2}') as JsonFilter)).toBe(true)
    for (const scalar of [null, 5, 'text', true]) expect(matchesJson(scalar, { length: 4 })).toBe(false)
    expect(matchesJson({}, { polluted: { $ne: 1 } })).toBe(true)
    expect(matchesJson({ toString: 1 }, { toString: { $eq: 1 } as never })).toBe(true)
  })

  test.each<[what: string, filter: unknown, message: string]>([
    ['a list', ['n'], 'filter to be an object, got a list'],
    ['null', null, 'filter to be an object'],
    ['undefined', { n: undefined }, 'filter.n to be a value, operators or conditions, got undefined'],
    ['an unknown operator', { n: { $near: 1 } }, 'filter.n to have only operators $eq'],
    ['an inherited name', { n: { $eq: 1, constructor: 2 } }, 'got constructor'],
    ['an operator beside a field', { source: { $eq: 1, name: 's' } }, 'got name'],
    ['a deep unknown operator', { source: { author: { $like: 1 } } }, 'filter.source.author to have only'],
    ['an undefined operand', { n: { $eq: undefined } }, 'filter.n.$eq to be a value'],
    ['no list', { n: { $in: 'ab' } }, 'filter.n.$in to be a list'],
    ['no boolean', { n: { $exists: 1 } }, 'filter.n.$exists to be true or false'],
    ['no order', { n: { $lt: null } }, 'filter.n.$lt to be a number or text'],
  ])('is refused for %s', (_, filter, message) => {
    expect(() => checkJsonFilter(filter as JsonFilter, 'filter')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    )
  })
})
