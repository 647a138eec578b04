import fc from 'fast-check'
import type { SqlValue } from '../../src/sql/connection.ts'
import { sqlTime } from '../../src/tables/sql-time.ts'
import { FLEET_TABLES } from '../../src/transfer/agentic-qe/fleet.ts'
import { SWARM_PATTERNS, SWARM_TABLES } from '../../src/transfer/agentic-qe/swarm.ts'
import { BANK_TABLES } from '../../src/transfer/agentic-qe/test-patterns.ts'
import type { Copy } from '../../src/transfer/foreign/table-reader.ts'
import { plainValue } from '../plain-value.ts'

export const COPIES: readonly Copy[] = [...SWARM_TABLES, SWARM_PATTERNS, ...FLEET_TABLES, ...BANK_TABLES]

export const second: fc.Arbitrary<string> = fc.integer({ min: 0, max: 4_000_000_000 }).map((at) => sqlTime(at * 1000))
const letters = fc.string({ unit: 'grapheme', maxLength: 6 })
export const word: fc.Arbitrary<string> = letters.map((text) => `w${text.replaceAll('\0', '')}`)
const jsonText = plainValue.map((value) => JSON.stringify(value))
export const share: fc.Arbitrary<number> = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0)
const whole = fc.integer()
export const real: fc.Arbitrary<number> = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)

/** Values of a kind, as our tables hold them. */
export function valuesOf(what: string): fc.Arbitrary<SqlValue> {
  if (what.endsWith(' or null')) return fc.option(valuesOf(what.slice(0, -' or null'.length)))
  if (what.startsWith('one of ')) return fc.constantFrom(...what.slice('one of '.length).split(', '))
  const known: Record<string, fc.Arbitrary<SqlValue>> = {
    text: letters,
    'a name': word,
    JSON: jsonText,
    'a finite number': real,
    'an integer': whole,
    'a count': fc.nat(),
    '0 or 1': fc.constantFrom(0, 1),
    'a number from 0 to 1': share,
  }
  return known[what] ?? fc.constant(null)
}

/** Rows of a table, each with its own key. */
export function rowsIn(copy: Copy): fc.Arbitrary<SqlValue[][]> {
  const columns = Object.entries(copy.columns)
  const isSwarm = [...SWARM_TABLES, SWARM_PATTERNS].includes(copy)
  const row = fc.tuple(
    ...columns.map(([, { what }]) => {
      const time: fc.Arbitrary<SqlValue> = isSwarm ? whole : second
      if (what === 'a time') return time
      return what === 'a time or null' ? fc.option(time) : valuesOf(what)
    }),
  )
  return fc.array(row, { maxLength: 3 }).map((rows) => rows.map((values, n) => keyed(columns, values, n)))
}

const KEYS = [
  'id',
  'key',
  'resource_id',
  'pattern',
  'code_signature_hash',
  'pattern_id',
  'pattern_a',
  'source_framework',
]

function keyed(columns: [string, { what: string }][], values: readonly SqlValue[], n: number): SqlValue[] {
  return columns.map(([column, { what }], i) => {
    if (column === 'pattern_b' || column === 'target_framework') return `x${n}`
    if (!KEYS.includes(column)) return values[i] ?? null
    return what === 'an integer' ? 3 * n + 2 : `k${n}${typeof values[i] === 'string' ? values[i] : ''}`
  })
}
