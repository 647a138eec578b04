import { PatternUsageTable } from '../../tables/pattern-usage.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import type { Core } from '../core/core.ts'
import { tallyOf } from '../executions/executions.ts'
import type { ImportedRows } from './import-batch.ts'
import { memoized } from './memoize.ts'

/** The numbers that the patterns of a source have here, by the numbers that they have there. */
export function numbersHere(core: Core, { columns, rows }: ImportedRows): Map<string, string> {
  const [id, agentId, type, told] = ['id', 'agent_id', 'pattern_type', 'pattern_data'].map((name) =>
    columns.indexOf(name),
  )
  const numbers = new Map<string, string>()
  if (id === undefined || id === -1) return numbers
  const here = new PatternsTable(core.connection).numbers()
  for (const row of rows) {
    const key = JSON.stringify([row[agentId ?? -1] ?? null, row[type ?? -1] ?? null, row[told ?? -1] ?? null])
    const number = here.get(key)
    if (number !== undefined) numbers.set(String(row[id]), String(number))
  }
  return numbers
}

/** Rows that name patterns, with the numbers that these have here; one that is not here is named as nothing is. */
export function renumbered(source: ImportedRows, numbers: ReadonlyMap<string, string>): ImportedRows {
  const { table, columns, rows } = source
  const at = columns.indexOf('pattern_id')
  const isNaming = table === 'pattern_usage' || table === 'learning_history'
  if (!isNaming || at === -1 || numbers.size === 0) return source
  const renamed = (value: unknown): string | null => {
    if (typeof value !== 'string' || !/^\d+$/.test(value)) return value === null ? null : String(value)
    return numbers.get(value) ?? `elsewhere/${value}`
  }
  return { table, columns, rows: rows.map((row) => row.with(at, renamed(row[at]))) }
}

/**
 * The newest row of an agent's tasks and of a strategy's uses holds their running total. Where something is counted here, the totals of
 * a source are left out: they would be taken for ours.
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
