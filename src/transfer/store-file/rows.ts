import type { Progress } from '../../learning/progress.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase } from '../../sql/foreign-database.ts'

/** The value of a column in the row that is read; null where there is no such column. */
export type ValueCache = (column: string) => SqlValue

const SLICE = 1_000

/** What is made of each row of a table; nothing where there is no such table. */
export function* rowsOf<T>(
  database: ForeignDatabase,
  name: string,
  take: (cell: ValueCache) => T,
): Generator<Progress, T[]> {
  const table = database.table(name)
  if (!table) return []
  const columns = [...table.columns]
  const storages = new Map(columns.map((column, i) => [column, i]))
  const taken: T[] = []
  for (const row of database.rows(name, columns)) {
    taken.push(take((column) => row[storages.get(column) ?? -1] ?? null))
    if (taken.length % SLICE === 0) yield { what: name, done: taken.length, total: table.count }
  }
  return taken
}

export function textOrNull(value: SqlValue): string | null {
  return value === null ? null : String(value)
}

/** 0 where it is none. */
export function countOf(value: SqlValue): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}
