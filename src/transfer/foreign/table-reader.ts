import type { Progress } from '../../learning/progress.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase, ForeignTable } from '../../sql/foreign-database.ts'
import type { ColumnType } from './column-types.ts'
import type { ImportBuilder } from './import-builder.ts'

export type Row = Readonly<Record<string, SqlValue>>
export type Columns = Readonly<Record<string, ColumnType>>

/** Reads a version of a table of a source. */
export interface TableReader {
  readonly table: string
  /** The columns of the source. A table matches if it has all columns that are not nullable. */
  readonly columns: Columns
  /** Nullable columns that a table must have to match. */
  readonly needs?: readonly string[]
  /** Adds a row of converted values to the batch, or returns the reason for skipping it. */
  readonly add: (row: Row, into: ImportBuilder) => string | undefined
}

/** The tables of a source with the names of their columns. */
export type TableColumns = ReadonlyMap<string, ReadonlySet<string>>

/** Whether a source has a table with these columns. */
export function hasColumns(tables: TableColumns, table: string, ...columns: readonly string[]): boolean {
  return columns.every((column) => tables.get(table)?.has(column) ?? false)
}

const SLICE = 1000

/** Whether a table has all columns that its reader needs. */
export function fits(reader: TableReader, table: ForeignTable): boolean {
  return missing(reader, table).length === 0
}

/** The columns that a reader needs and the table lacks. */
export function missing({ columns, needs = [] }: TableReader, table: ForeignTable): string[] {
  const needed = Object.entries(columns).flatMap(([column, { parse }]) => (parse(null) === undefined ? [column] : []))
  return [...needed, ...needs].filter((column) => !table.columns.has(column))
}

/** Reads the rows of a table in slices. */
export function* readTable(
  reader: TableReader,
  database: ForeignDatabase,
  table: ForeignTable,
  into: ImportBuilder,
): Generator<Progress, void> {
  const types = Object.entries(reader.columns)
  const present = types.map(([column]) => column).filter((column) => table.columns.has(column))
  let done = 0
  for (const values of database.rows(reader.table, present)) {
    const cells = new Map(present.map((column, i) => [column, values[i] ?? null]))
    const reason = readRow(reader, types, cells, into)
    if (reason !== undefined) into.skipped.add(reader.table, reason)
    if (++done % SLICE === 0) yield { what: reader.table, done, total: table.count }
  }
  // `rows` leaves out rows with values above the limit.
  if (done < table.count) into.skipped.add(reader.table, 'a value is too large', table.count - done)
  yield { what: reader.table, done: table.count, total: table.count }
}

function readRow(
  reader: TableReader,
  types: readonly (readonly [string, ColumnType])[],
  cells: ReadonlyMap<string, SqlValue>,
  into: ImportBuilder,
): string | undefined {
  const row: Record<string, SqlValue> = {}
  for (const [column, { what, parse }] of types) {
    const value = parse(cells.get(column) ?? null)
    if (value === undefined) return `${column} is not ${what}`
    row[column] = value
  }
  return reader.add(row, into)
}

/** A table of a source that equals a table of this store except for names. */
export interface Copy {
  /** Name in the source. */
  readonly table: string
  /** Name in this store. Default: `table`. */
  readonly ours?: string
  readonly columns: Columns
  /** Names of columns in this store that differ from those in the source, by the latter. */
  readonly names?: Readonly<Record<string, string>>
  /** Returns the reason for skipping a row of valid values. */
  readonly refuse?: (row: Row) => string | undefined
}

/** The names of the columns in this store, in order. */
export function ourColumns({ columns, names = {} }: Copy): string[] {
  return Object.keys(columns).map((column) => names[column] ?? column)
}

/** A reader that copies rows. */
export function copying(copy: Copy): TableReader {
  const { table, ours = table, columns, refuse } = copy
  const names = ourColumns(copy)
  const add = (row: Row, into: ImportBuilder): string | undefined => {
    const reason = refuse?.(row)
    if (reason === undefined) into.row(ours, names, Object.values(row))
    return reason
  }
  return { table, columns, add }
}
