import { checkCount, checkOptions } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { Progress } from '../../learning/progress.ts'
import { isOurs } from '../../sql/check.ts'
import type { Engine } from '../../sql/engine.ts'
import { ForeignDatabase, type ForeignLimits, type ForeignTable } from '../../sql/foreign-database.ts'
import { foreign } from '../../sql/foreign-schema.ts'
import { ImportBuilder } from './import-builder.ts'
import { fits, missing, readTable, type TableColumns, type TableReader } from './table-reader.ts'

/** Limits for reading a database of another program. */
export interface ReadLimits extends ForeignLimits {
  /** Maximum number of rows in the tables that are read, which are all held in memory. @default 2_000_000 */
  readonly maxRows?: number
}

const LIMITS = ['maxBytes', 'maxValueBytes', 'maxRows'] as const
const MAX_ROWS = 2_000_000
/** Limits a message. */
const MAX_NAMES = 8

/** The databases of a program. */
export interface DatabaseFormat {
  /** What it is, for messages: `a file of agentic-qe`. */
  readonly name: string
  /** Names the file by its tables and columns; undefined for files of other programs. */
  readonly fileOf: (tables: TableColumns) => string | undefined
  /** The first that fits a table reads it, in this order. */
  readonly readers: readonly TableReader[]
  /** Known tables that are not imported, with the reason. */
  readonly notImported: ReadonlyMap<string, string>
  /** Whether a file without rows for this store is accepted, as one of several files that belong together. @default false */
  readonly mayBeEmpty?: boolean
}

/**
 * Reads a database of another program.
 * @throws INVALID_ARGUMENT for invalid limits, and for a file above the limits. @throws NOT_A_STORE for a file that is corrupt, not of that
 * program, or, unless it may be empty, has no row that this store can hold.
 */
export function* readDatabase(
  engine: Engine,
  bytes: Uint8Array,
  limits: ReadLimits,
  format: DatabaseFormat,
): Generator<Progress, ImportBuilder> {
  checkOptions(limits, 'the limits', LIMITS)
  for (const limit of LIMITS) if (limits[limit] !== undefined) checkCount(limits[limit], limit, 1)
  if (isOurs(bytes)) throw foreign(`${format.name}, got a store of this package. Import it as learning-store`)
  const database = new ForeignDatabase(engine, bytes, limits)
  try {
    return yield* readAll(database, limits.maxRows ?? MAX_ROWS, format)
  } finally {
    database.close()
  }
}

function* readAll(
  database: ForeignDatabase,
  maxRows: number,
  { name, fileOf, readers, notImported, mayBeEmpty = false }: DatabaseFormat,
): Generator<Progress, ImportBuilder> {
  const into = new ImportBuilder()
  const tables = new Map<string, ForeignTable>()
  const names = new Set(readers.map(({ table }) => table))
  for (const { name, kind, module } of database.declared) {
    const table = database.table(name)
    if (table) {
      tables.set(name, table)
      yield { what: name, done: 0, total: table.count }
    } else if (kind === 'virtual')
      into.skipped.add(
        name,
        notImported.get(name) ?? `is a virtual table (${module ?? 'of no module'}), whose code is not trusted`,
        0,
      )
    else if (kind === 'view' && names.has(name)) into.skipped.add(name, 'is a view: its SQL is not trusted', 0)
    else if (kind === 'table' && !name.startsWith('sqlite_'))
      into.skipped.add(name, 'has generated columns: their SQL is not trusted', 0)
  }
  const file = fileOf(new Map([...tables].map(([name, { columns }]) => [name, columns])))
  if (file === undefined) throw foreign(`${name}, got a SQLite file ${withTables(tables.keys())}`)
  into.notes.push(`The file is ${file}.`)

  const rows = [...tables].reduce((sum, [name, { count }]) => sum + (names.has(name) ? count : 0), 0)
  if (rows > maxRows) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a file of at most ${maxRows} rows to read, got ${rows}`)
  }

  const read = new Set<string>()
  for (const reader of readers) {
    const table = tables.get(reader.table)
    if (!table || read.has(reader.table) || !fits(reader, table)) continue
    read.add(reader.table)
    const left = [...table.columns].filter((column) => !Object.hasOwn(reader.columns, column))
    if (table.count > 0 && left.length > 0)
      into.notes.push(`Columns of ${reader.table} that are not imported: ${left.join(', ')}.`)
    yield* readTable(reader, database, table, into)
  }
  for (const [name, table] of tables) {
    if (!read.has(name) && table.count > 0 && !isShadow(name, database))
      into.skipped.add(name, whyLeft(name, table, readers, notImported), table.count)
  }
  if (into.isEmpty && !mayBeEmpty) throw nothingIn(file, names, tables, into)
  return into
}

/** Names the tables of a file, for messages. */
export function withTables(names: Iterable<string>): string {
  const all = [...names]
  const listed = all.slice(0, MAX_NAMES).map((name) => name.slice(0, 40))
  if (all.length === 0) return 'without tables'
  const others = all.length > MAX_NAMES ? ` and ${all.length - MAX_NAMES} more` : ''
  return `with the ${all.length === 1 ? 'table' : 'tables'} ${listed.join(', ')}${others}`
}

function nothingIn(
  file: string,
  wanted: ReadonlySet<string>,
  tables: ReadonlyMap<string, ForeignTable>,
  { skipped }: ImportBuilder,
): StoreError {
  const reasons = skipped.list().filter(({ count }) => count > 0)
  const listed = reasons.slice(0, MAX_NAMES).map(({ what, count, reason }) => `${what} (${count}): ${reason}`)
  const found = listed.length > 0 ? `. Skipped: ${listed.join('; ')}` : ''
  const expected = `rows in ${[...wanted].join(', ')} that this store can hold`
  return foreign(`${expected}, got ${file} ${withTables(tables.keys())}, without any${found}`)
}

/** Whether a table is a shadow table of a virtual one. */
function isShadow(name: string, database: ForeignDatabase): boolean {
  return [...database.declared].some(({ name: outer, kind }) => kind === 'virtual' && name.startsWith(`${outer}_`))
}

function whyLeft(
  name: string,
  table: ForeignTable,
  readers: readonly TableReader[],
  notImported: DatabaseFormat['notImported'],
): string {
  const form = readers.find((reader) => reader.table === name)
  if (form) return `has no column ${missing(form, table).join(', ')}`
  return notImported.get(name) ?? 'this store has no such table'
}
