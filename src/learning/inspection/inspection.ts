import { checkCount, checkList, checkName, checkOptions, invalid } from '../../checks.ts'
import type { Rows, SqlValue } from '../../sql/connection.ts'
import { InventoryTable, type TableSummary } from '../../tables/inventory.ts'
import type { Core } from '../core/core.ts'

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

/** Which rows of a table to answer. */
export interface ListRowsOptions extends QueryOptions {
  readonly offset?: number
}

/** A page of a table. */
export function rowsOf(core: Core, table: string, options: ListRowsOptions): Rows {
  checkName(table, 'table')
  const { limit = 1_000, offset = 0 } = checkOptions(options, 'the options', ['limit', 'offset'])
  const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
  core.writeHeld()
  const rows = new InventoryTable(core.connection).rows(table, ...page)
  if (!rows) throw invalid('table', 'a table or view of this store', table)
  return rows
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
