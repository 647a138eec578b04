import type { Progress } from '../../learning/progress.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase } from '../../sql/foreign-database.ts'

/** Returns the value of a column in the current row; null if the table has no such column. */
export type Cell = (column: string) => SqlValue

const SLICE = 1_000

/** Converts each row of a table; returns an empty list if there is no such table. */
export function* rowsOf<T>(
  database: ForeignDatabase,
  name: string,
  convert: (cell: Cell) => T,
): Generator<Progress, T[]> {
  const table = database.table(name)
  if (!table) return []
  const columns = [...table.columns]
  const indexes = new Map(columns.map((column, i) => [column, i]))
  const results: T[] = []
  for (const row of database.rows(name, columns)) {
    results.push(convert((column) => row[indexes.get(column) ?? -1] ?? null))
    if (results.length % SLICE === 0) yield { what: name, done: results.length, total: table.count }
  }
  return results
}

export function textOrNull(value: SqlValue): string | null {
  return value === null ? null : String(value)
}

/** The count in a column; 0 for anything else. */
export function countOf(value: SqlValue): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}
