import { StoreError } from '../errors.ts'
import { isSqlite } from './check.ts'
import type { Engine } from './engine.ts'
import { type Declared, declared, foreign } from './foreign-schema.ts'
import { checkSchemaPages } from './schema-pages.ts'
import type { SqlJsDatabase } from './sql-js.ts'
import type { SqlValue } from './statements.ts'

/** How much of a stranger's file is taken. */
export interface ForeignLimits {
  /** The largest file, in bytes; 256 MiB unless given. */
  readonly mostBytes?: number
  /** The largest value, in bytes; 16 MiB unless given. A row with a larger one is not read. */
  readonly mostValueBytes?: number
}

/** A table whose rows can be read. */
export interface ForeignTable {
  /** In lower case, as stored; generated ones are not among them. */
  readonly columns: ReadonlySet<string>
  readonly count: number
}

const MOST_BYTES = 256 * 2 ** 20
const MOST_VALUE_BYTES = 16 * 2 ** 20
/** Where the header says how the file is written and read: 2 means with a write-ahead log, which is a file we do not have. */
const WRITE_VERSION = 18
const READ_VERSION = 19

/**
 * Without `ignore_check_constraints` the check of a table would run expressions of whoever wrote the file. A limit of memory
 * is not set: it would hold for every database of the thread, and could not be lifted.
 */
const PRAGMAS = `PRAGMA trusted_schema=off; PRAGMA cell_size_check=on; PRAGMA ignore_check_constraints=on;
  PRAGMA temp_store=memory; PRAGMA query_only=on`

/**
 * A stranger's SQLite file, opened apart in a database of its own, over a copy. Only stored columns of ordinary tables are
 * read, by a scan of the table itself; its views, triggers, virtual tables, generated columns, checks and indexes never run.
 */
export class ForeignDatabase {
  readonly #database: SqlJsDatabase
  readonly #mostValueBytes: number
  readonly #declared: ReadonlyMap<string, Declared>
  readonly #tables = new Map<string, ForeignTable>()

  /**
   * @throws INVALID_ARGUMENT for a file larger than the limit.
   * @throws NOT_A_STORE for what is no whole SQLite database.
   */
  constructor(engine: Engine, bytes: Uint8Array, limits: ForeignLimits = {}) {
    const { mostBytes = MOST_BYTES, mostValueBytes = MOST_VALUE_BYTES } = limits
    if (bytes.length > mostBytes) {
      throw new StoreError('INVALID_ARGUMENT', `Expected a file of at most ${mostBytes} bytes, got ${bytes.length}`)
    }
    if (!isSqlite(bytes)) throw foreign('a SQLite database, got a file that does not begin as one')
    checkSchemaPages(bytes)
    this.#mostValueBytes = mostValueBytes
    this.#database = engine.open(withoutLog(bytes))
    try {
      this.#database.exec(PRAGMAS)
      const texts = [...this.#all('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid', [])]
      this.#declared = declared(texts.map(([text]) => String(text)))
    } catch (error) {
      this.#database.close()
      throw asForeign(error)
    }
  }

  /** What the file declares, readable or not. */
  get declared(): Iterable<Declared> {
    return this.#declared.values()
  }

  /**
   * A table, after its pages were found whole; undefined where there is none of the name that can be read.
   * @throws NOT_A_STORE for one whose pages do not fit together.
   */
  table(name: string): ForeignTable | undefined {
    const known = this.#tables.get(name)
    if (known) return known
    if (this.#declared.get(name)?.kind !== 'table' || name.startsWith('sqlite_')) return undefined
    const columns = [...this.#all('SELECT name, hidden FROM pragma_table_xinfo(?)', [name])]
    // The check computes generated columns, and a table that was not checked may have no end.
    if (columns.length === 0 || columns.some(([, hidden]) => hidden !== 0)) return undefined
    // Only its first word is heard: it goes through the pages first and then, whatever it found, through all rows.
    const [found] = this.#all('SELECT quick_check FROM pragma_quick_check(?)', [name])
    if (found?.[0] !== 'ok') throw foreign(`a whole database, quick_check says of ${name}: ${String(found?.[0])}`)
    const [counted] = this.#all(`SELECT count(*) FROM main.${quoted(name)} NOT INDEXED`, [])
    const table = {
      columns: new Set(columns.map(([column]) => String(column).toLowerCase())),
      count: Number(counted?.[0]),
    }
    this.#tables.set(name, table)
    return table
  }

  /**
   * The rows of a table without those that hold a value too large to read.
   * @param columns names that `table` said the table has.
   */
  rows(name: string, columns: readonly string[]): Generator<SqlValue[]> {
    const names = columns.map(quoted)
    const fits = names.map((column) => `coalesce(octet_length(${column}), 0) <= ?1`).join(' AND ')
    return this.#all(`SELECT ${names.join(', ')} FROM main.${quoted(name)} NOT INDEXED WHERE ${fits}`, [
      this.#mostValueBytes,
    ])
  }

  close(): void {
    this.#database.close()
  }

  /** The names in `sql` are the only part of it that is not constant: SQLite cannot bind them. */
  *#all(sql: string, values: readonly SqlValue[]): Generator<SqlValue[]> {
    try {
      const statement = this.#database.prepare(sql)
      try {
        statement.bind(values)
        while (statement.step()) yield statement.get() as SqlValue[]
      } finally {
        statement.free()
      }
    } catch (error) {
      throw asForeign(error)
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The same database, said to be written without a write-ahead log. */
function withoutLog(bytes: Uint8Array): Uint8Array {
  if (bytes[WRITE_VERSION] !== 2 && bytes[READ_VERSION] !== 2) return bytes
  const copy = bytes.slice()
  copy[WRITE_VERSION] = 1
  copy[READ_VERSION] = 1
  return copy
}

function asForeign(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return foreign(`a whole SQLite database, SQLite says: ${reason.slice(0, 200)}`, error)
}
