import type { Connection, SqlValue } from '../../sql/connection.ts'
import { rowsOf, type TableRows } from '../../sql/table-rows.ts'
import {
  count,
  integer,
  jsonOrText,
  maybe,
  ms,
  name,
  or,
  parsedObject,
  rate,
  text,
  time,
} from '../foreign/column-types.ts'
import { type Copy, copying, type Row, type TableReader } from '../foreign/table-reader.ts'
import { SIDE_NOTES } from './extra-fields.ts'
import { SWARM_PATTERNS } from './swarm.ts'

/** The strategies of agentic-qe's persistence document. */
export const STRATEGIES: Copy = {
  table: 'patterns',
  columns: {
    id: integer,
    pattern_type: name,
    pattern_data: jsonOrText,
    confidence: or(rate, 0.5),
    success_rate: or(rate, 0),
    usage_count: or(count, 0),
    last_used: maybe(time),
  },
}

/** The member of a swarm pattern's metadata that holds a strategy of this store. */
export const STRATEGY_NOTE = 'learning_store'
const NOTED = { ...STRATEGIES.columns, agent_id: maybe(text), success_count: or(count, 0) }
const noted = copying({ ...STRATEGIES, columns: NOTED })

/** Readers for the two tables named `patterns`: swarm patterns (which can contain exported strategies), and documented strategies. */
export function patternReaders(): TableReader[] {
  const swarm = copying(SWARM_PATTERNS)
  // Version 2.8 has three more columns; here, as in 1.4, they become part of the metadata.
  const columns = { ...swarm.columns, agent_id: maybe(text), domain: maybe(text), success_rate: maybe(rate) }
  return [
    {
      table: 'patterns',
      columns,
      add: ({ agent_id, domain, success_rate, ...row }, into) => {
        const metadata = parsedObject(row.metadata)
        const strategy = rowOf(metadata[STRATEGY_NOTE])
        if (strategy) return noted.add(strategy, into)
        const more = Object.entries({ agent_id, domain, success_rate }).filter(([, value]) => value !== null)
        const merged = more.length === 0 ? row.metadata : JSON.stringify({ ...Object.fromEntries(more), ...metadata })
        return swarm.add({ ...row, metadata: merged ?? null }, into)
      },
    },
    copying(STRATEGIES),
  ]
}

function rowOf(note: unknown): Row | undefined {
  if (typeof note !== 'object' || note === null) return undefined
  const strategy: Record<string, Row[string]> = {}
  for (const [column, { parse }] of Object.entries(NOTED)) {
    const value = parse((note as Row)[column] ?? null)
    if (value === undefined) return undefined
    strategy[column] = value
  }
  return strategy
}

/** Strategies as rows of memory.db, where `patterns` holds swarm patterns: the whole strategy is in the metadata. */
export function strategyRows(connection: Connection): TableRows {
  return { table: 'patterns', columns: Object.keys(SWARM_PATTERNS.columns), rows: strategies(connection) }
}

function* strategies(connection: Connection): Generator<SqlValue[]> {
  const columns = Object.keys(NOTED)
  for (const values of rowsOf(connection, 'patterns', columns)) {
    const note: Row = Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null]))
    const { id, pattern_type, confidence, success_rate, usage_count, last_used, agent_id } = note
    const metadata = {
      agent_id,
      success_rate,
      contexts: [pattern_type],
      last_used_at: last_used,
      [STRATEGY_NOTE]: note,
    }
    const name = `${SIDE_NOTES}:${Number(id)}:${String(pattern_type)}`
    const lastUsed = ms.parse(last_used ?? null) ?? 0
    yield [name, name, confidence ?? 0, usage_count ?? 0, JSON.stringify(metadata), 0, null, lastUsed]
  }
}
