import { checkCount, checkList, checkName, checkOptions, invalid } from '../../checks.ts'
import type { Rows, SqlValue } from '../../sql/connection.ts'
import { InventoryTable, type TableSummary } from '../../tables/inventory.ts'
import type { Core } from '../core/core.ts'

export { statusOf } from '../agents/agent-status.ts'
export { countExperiences, searchExperiences } from '../experiences/experience-search.ts'
export { rewardHistory } from '../experiences/reward-history.ts'
export { verify } from './verification.ts'

/** Options of `query`. */
export interface QueryOptions {
  /** Maximum number of rows. Default: 1,000. */
  readonly limit?: number
  /**
   * How long the query may run, in ms; then it is stopped with TIMEOUT. Applies where another thread can read the storage: not with
   * `memory:`, an adapter, `worker: false` in a page, on the edge, or in the synchronous store. Default: 10,000.
   */
  readonly timeoutMs?: number
}

/** Options of `rows`. */
export interface ListRowsOptions extends Pick<QueryOptions, 'limit'> {
  /** Number of rows to skip. Default: 0. */
  readonly offset?: number
}

/** The tables, views and virtual tables of the database, sorted by name. */
export function tables(core: Core): TableSummary[] {
  core.writePending()
  return new InventoryTable(core.connection).list()
}

/** A page of rows of a table. @throws INVALID_ARGUMENT, SQL_ERROR */
export function rowsOf(core: Core, table: string, options: ListRowsOptions): Rows {
  checkName(table, 'table')
  const { limit = 1_000, offset = 0 } = checkOptions(options, 'the options', ['limit', 'offset'])
  const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
  core.writePending()
  const rows = new InventoryTable(core.connection).rows(table, ...page)
  if (!rows) throw invalid('table', 'a table or view of this store', table)
  return rows
}

/** The first rows of a reading SQL statement. @throws INVALID_ARGUMENT, SQL_ERROR */
export function query(core: Core, sql: string, values: readonly SqlValue[], options: QueryOptions): Rows {
  if (typeof sql !== 'string') throw invalid('the statement', 'a text', sql)
  const { limit = 1_000, timeoutMs = 1 } = checkOptions(options, 'the options', ['limit', 'timeoutMs'])
  checkCount(limit, 'limit', 0)
  checkCount(timeoutMs, 'timeoutMs', 1)
  for (const value of checkList(values, 'values')) checkValue(value)
  core.writePending()
  return core.connection.read(sql, values, limit)
}

/** SQLite would store NaN as NULL, and other types as another value. */
function checkValue(value: unknown): void {
  const isNumber = typeof value === 'number' && !Number.isNaN(value)
  if (isNumber || typeof value === 'string' || value === null || value instanceof Uint8Array) return
  throw invalid('a value', 'a number, a text, bytes or null', value)
}
