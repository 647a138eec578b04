import { describe, expect, test } from 'vitest'
import { readRuvectorQTable } from '../../../src/transfer/ruvector/q-table.ts'
import { dataFile, refusal, taken, utf8 } from '../sources.ts'

const table = {
  build_in_core: {
    'command-succeeded': 0.8,
    'command-failed': -0.07,
    _meta: { lastUpdate: '2025-12-29T18:24:18.698Z', updateCount: 11, firstSeen: '2025-12-25T21:05:51.000Z' },
  },
  'a:b': { x: 1 },
}
const lines = (...values: unknown[]): Uint8Array => utf8(values.map((one) => JSON.stringify(one)).join('\n'))

describe('a Q-table', () => {
  test('has bare strings as names, and divides the updates of a state among its actions', () => {
    const { values, agents, skipped } = taken(readRuvectorQTable(lines(table)))
    const lastUpdated = '2025-12-29 18:24:18.698'
    expect(values).toEqual([
      { agentId: 'ruvector', state: 'build_in_core', action: 'command-succeeded', value: 0.8, visits: 5, lastUpdated },
      { agentId: 'ruvector', state: 'build_in_core', action: 'command-failed', value: -0.07, visits: 5, lastUpdated },
      { agentId: 'ruvector', state: 'a:b', action: 'x', value: 1, visits: 1, lastUpdated: null },
    ])
    expect(agents).toEqual([{ id: 'ruvector', configuration: {} }])
    expect(skipped.map(({ what, count }) => [what, count])).toEqual([['_meta: firstSeen', 1]])
  })

  test('belongs to the agent that the caller names', () => {
    expect(taken(readRuvectorQTable(lines(table), { agentId: 'hooks' })).values[0]?.agentId).toBe('hooks')
    expect(refusal(readRuvectorQTable(lines(table), { agentId: '' }))).toContain('INVALID_ARGUMENT')
    expect(refusal(readRuvectorQTable(lines(table), { agent: 'x' } as object))).toContain('INVALID_ARGUMENT')
  })

  test.each<[string, unknown]>([
    ['table["s"] to be an object, got 1', { s: 1 }],
    ['table["s"]["a"] to be a finite number, got null', { s: { a: null } }],
    ['table["s"]._meta to be an object, got 1', { s: { _meta: 1 } }],
    ['table["s"]._meta.updateCount to be an integer of at least 0, got -1', { s: { _meta: { updateCount: -1 } } }],
    ['table["s"]._meta.lastUpdate to be a time', { s: { _meta: { lastUpdate: 'now' } } }],
    ['the file to be an object, got a list', []],
  ])('is refused: %s', (message, told) => {
    expect(refusal(readRuvectorQTable(lines(told)))).toContain(`INVALID_ARGUMENT: Expected ${message}`)
  })

  test('can have any names of states and actions', () => {
    const text = '{"__proto__":{"constructor":1,"__proto__":-0},"":{"":2}}'
    expect(taken(readRuvectorQTable(utf8(text))).values).toMatchObject([
      { state: '__proto__', action: 'constructor', value: 1 },
      { state: '__proto__', action: '__proto__', value: 0 },
      { state: '', action: '', value: 2 },
    ])
  })

  const file = dataFile('ruvector-qtable.json')
  test.skipIf(!file)('of a real project is read completely (skipped without it in LEARNING_STORE_DATA)', () => {
    const { values } = taken(readRuvectorQTable(file ?? new Uint8Array()))
    expect(new Set(values.map(({ state }) => state)).size).toBe(132)
    // 141 fractions and 38 integers stand beside `_meta`.
    expect(values).toHaveLength(179)
    const [first] = values
    expect(first).toMatchObject({ state: 'other_in_general', action: 'command-succeeded', value: 0.8, visits: 2587 })
  })
})
