import { failureType, strategyType } from '../../learning/patterns/pattern.ts'
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
  timeIfAny,
} from '../foreign/column-types.ts'
import type { Strategy } from '../foreign/import-builder.ts'
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
        const learned = learnedStrategy(row, metadata, agent_id ?? null, success_rate ?? null)
        const reason = typeof learned === 'object' ? into.strategy(learned) : learned
        if (reason !== undefined) into.skipped.add('strategies', reason)
        const more = Object.entries({ agent_id, domain, success_rate }).filter(([, value]) => value !== null)
        const merged = more.length === 0 ? row.metadata : JSON.stringify({ ...Object.fromEntries(more), ...metadata })
        return swarm.add({ ...row, metadata: merged ?? null }, into)
      },
    },
    copying(STRATEGIES),
  ]
}

/**
 * The strategy that an agent learned: agentic-qe stores it as a swarm pattern `taskType:strategy`, and what it knows of it in the metadata.
 * The column `success_rate` of version 2.8 has a default of 1, and counts only where the metadata says nothing.
 * @returns the reason if it is none although it names an agent; undefined for other swarm patterns.
 */
function learnedStrategy(
  { pattern, confidence, usage_count, created_at }: Row,
  metadata: { readonly [name: string]: unknown },
  agentColumn: SqlValue,
  rateColumn: SqlValue,
): Strategy | string | undefined {
  const agentId = metadata.agent_id ?? agentColumn
  const successRate = metadata.success_rate ?? rateColumn
  if (typeof agentId !== 'string' || name.parse(agentId) === undefined || successRate === null) {
    return undefined
  }
  if (typeof successRate !== 'number' || rate.parse(successRate) === undefined)
    return 'success_rate is not a number from 0 to 1'
  if (rate.parse(confidence ?? null) === undefined) return 'confidence is not a number from 0 to 1'
  const [context] = Array.isArray(metadata.contexts) ? metadata.contexts : []
  const text = String(pattern)
  const colon = typeof context === 'string' && text.startsWith(`${context}:`) ? context.length : text.indexOf(':')
  const taskType = colon > 0 ? text.slice(0, colon) : typeof context === 'string' && context !== '' ? context : 'task'
  const strategy = text.slice(colon + 1)
  const isFailure = strategy === 'failure'
  const lastUsed = timeIfAny.parse(typeof metadata.last_used_at === 'string' ? metadata.last_used_at : null)
  return {
    agentId,
    patternType: isFailure ? failureType(taskType) : strategyType(taskType),
    data: isFailure ? {} : strategy,
    confidence: Number(confidence),
    successRate,
    uses: Number(usage_count),
    lastUsed: (lastUsed ?? timeIfAny.parse(created_at ?? null)) as string | null,
  }
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
