import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase, ForeignTable } from '../../sql/foreign-database.ts'
import type { ReadProgress } from '../reading.ts'
import type { Kind } from './column-types.ts'
import type { ImportBuilder } from './import-builder.ts'

export type Row = Readonly<Record<string, SqlValue>>
export type Columns = Readonly<Record<string, Kind>>

/** Reads one form of one table of a source. */
export interface TableReader {
  readonly table: string
  /** The source's columns. Those that cannot be null must be there for the table to be of this form. */
  readonly columns: Columns
  /** Columns that tell this form from another, although they may be null. */
  readonly needs?: readonly string[]
  /** Takes a row whose columns are of their kinds; answers why where it does not. */
  readonly take: (row: Row, into: ImportBuilder) => string | undefined
}

const SLICE = 1000

/** Whether the table has what this form of it cannot do without. */
export function fits(reader: TableReader, table: ForeignTable): boolean {
  return missing(reader, table).length === 0
}

/** The columns that the table would have to have. */
export function missing({ columns, needs = [] }: TableReader, table: ForeignTable): string[] {
  const needed = Object.entries(columns).flatMap(([column, { take }]) => (take(null) === undefined ? [column] : []))
  return [...needed, ...needs].filter((column) => !table.columns.has(column))
}

/** Takes the rows of a table, a slice at a time. */
export function* readTable(
  reader: TableReader,
  database: ForeignDatabase,
  table: ForeignTable,
  into: ImportBuilder,
): Generator<ReadProgress, void> {
  const kinds = Object.entries(reader.columns)
  const present = kinds.map(([column]) => column).filter((column) => table.columns.has(column))
  let done = 0
  for (const values of database.rows(reader.table, present)) {
    const found = new Map(present.map((column, i) => [column, values[i] ?? null]))
    const reason = takeRow(reader, kinds, found, into)
    if (reason !== undefined) into.skip(reader.table, reason)
    if (++done % SLICE === 0) yield { what: reader.table, done, total: table.count }
  }
  // Whatever was not told of is too large: the count is that of the same pages.
  if (done < table.count) into.skip(reader.table, 'a value is too large', table.count - done)
  yield { what: reader.table, done: table.count, total: table.count }
}

function takeRow(
  reader: TableReader,
  kinds: readonly (readonly [string, Kind])[],
  found: ReadonlyMap<string, SqlValue>,
  into: ImportBuilder,
): string | undefined {
  const row: Record<string, SqlValue> = {}
  for (const [column, { what, take }] of kinds) {
    const value = take(found.get(column) ?? null)
    if (value === undefined) return `${column} is not ${what}`
    row[column] = value
  }
  return reader.take(row, into)
}

/** A table of a source that is one of ours, but for names. */
export interface Copy {
  /** What the source calls it. */
  readonly table: string
  /** What it is called here, where that differs. */
  readonly ours?: string
  readonly columns: Columns
  /** What columns are called here, by their names in the source, where they differ. */
  readonly names?: Readonly<Record<string, string>>
  /** Why a row cannot be one of ours although its columns are of their kinds. */
  readonly refuse?: (row: Row) => string | undefined
}

/** What the columns of a copied table are called here, in their order. */
export function ourColumns({ columns, names = {} }: Copy): string[] {
  return Object.keys(columns).map((column) => names[column] ?? column)
}

export function copying(copy: Copy): TableReader {
  const { table, ours = table, columns, refuse } = copy
  const names = ourColumns(copy)
  const take = (row: Row, into: ImportBuilder): string | undefined => {
    const reason = refuse?.(row)
    if (reason === undefined) into.row(ours, names, Object.values(row))
    return reason
  }
  return { table, columns, take }
}
