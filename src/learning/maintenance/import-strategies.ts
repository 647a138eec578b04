import { PatternUsageTable } from '../../tables/pattern-usage.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import type { Core } from '../core/core.ts'
import { tallyOf } from '../executions/tally.ts'
import type { ImportedRows } from './import-batch.ts'

/** The ids of a source's patterns in this store, by their ids in the source. */
export function localPatternIds(core: Core, { columns, rows }: ImportedRows): Map<string, string> {
  const at = (name: string): number => columns.indexOf(name)
  const [id, agentId, type, data] = [at('id'), at('agent_id'), at('pattern_type'), at('pattern_data')]
  const ids = new Map<string, string>()
  if (id === -1) return ids
  const own = new PatternsTable(core.connection).numbers()
  for (const row of rows) {
    const number = own.get(JSON.stringify([row[agentId] ?? null, row[type] ?? null, row[data] ?? null]))
    if (number !== undefined) ids.set(String(row[id]), String(number))
  }
  return ids
}

/**
 * Replaces the pattern ids of a source by those of this store. A pattern that this store does not have becomes
 * `elsewhere/id`.
 */
export function withLocalPatternIds(source: ImportedRows, ids: ReadonlyMap<string, string>): ImportedRows {
  const { table, columns, rows } = source
  const at = columns.indexOf('pattern_id')
  const hasPatternIds = table === 'pattern_usage' || table === 'learning_history'
  if (!hasPatternIds || at === -1 || ids.size === 0) return source
  const localId = (value: unknown): string | null => {
    if (typeof value !== 'string' || !/^\d+$/.test(value)) return value === null ? null : String(value)
    return ids.get(value) ?? `elsewhere/${value}`
  }
  return { table, columns, rows: rows.map((row) => row.with(at, localId(row[at]))) }
}

/**
 * Removes the running totals of agents and strategies that this store has totals of. The newest row of an agent's tasks
 * and of a strategy's uses holds the total, so an imported one would replace it.
 */
export function withoutTotals(core: Core, source: ImportedRows): ImportedRows {
  const { table, columns, rows } = source
  const context = columns.indexOf('context')
  if (context === -1) return source
  if (table === 'learning_metrics') {
    const agent = columns.indexOf('agent_id')
    const counted = memoized((agentId) => tallyOf(core, agentId).tasks > 0)
    return { table, columns, rows: rows.map((row) => (counted(String(row[agent])) ? row.with(context, null) : row)) }
  }
  if (table !== 'pattern_usage') return source
  const usage = new PatternUsageTable(core.connection)
  const pattern = columns.indexOf('pattern_id')
  const counted = memoized((patternId) => usage.lastContext(patternId) !== undefined)
  return { table, columns, rows: rows.map((row) => (counted(String(row[pattern])) ? row.with(context, null) : row)) }
}

function memoized(isCounted: (id: string) => boolean): (id: string) => boolean {
  const results = new Map<string, boolean>()
  return (id) => {
    const result = results.get(id) ?? isCounted(id)
    results.set(id, result)
    return result
  }
}
