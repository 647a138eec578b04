import { checkCount, checkList, checkOptions, invalid } from '../checks.ts'
import type { Rows, SqlValue } from '../sql/connection.ts'
import { InventoryTable, type TableSummary } from '../tables/inventory.ts'
import type { Core } from './core.ts'

/** How many rows to answer. */
export interface QueryOptions {
  /** 1,000 unless given. */
  readonly limit?: number
}

export { verify } from './verification.ts'

/** What the database consists of, by name. */
export function tables(core: Core): TableSummary[] {
  core.writeHeld()
  return new InventoryTable(core.connection).list()
}

/** What a caller asks in SQL. */
export function query(core: Core, sql: string, values: readonly SqlValue[], options: QueryOptions): Rows {
  if (typeof sql !== 'string') throw invalid('the statement', 'a text', sql)
  const { limit = 1_000 } = checkOptions(options, 'the options', ['limit'])
  checkCount(limit, 'limit', 0)
  for (const value of checkList(values, 'values')) checkValue(value)
  core.writeHeld()
  return core.connection.read(sql, values, limit)
}

/** NaN would become NULL, and what SQLite cannot hold another value. */
function checkValue(value: unknown): void {
  const isNumber = typeof value === 'number' && !Number.isNaN(value)
  if (isNumber || typeof value === 'string' || value === null || value instanceof Uint8Array) return
  throw invalid('a value', 'a number, a text, bytes or null', value)
}
