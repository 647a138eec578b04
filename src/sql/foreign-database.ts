import { StoreError } from '../errors.ts'
import { isSqlite } from './check.ts'
import type { Engine } from './engine.ts'
import { type Declared, declared, foreign } from './foreign-schema.ts'
import { checkSchemaPages } from './schema-pages.ts'
import type { SqlJsDatabase } from './sql-js.ts'
import type { SqlValue } from './statements.ts'

/** Limits for reading an untrusted file. */
export interface ForeignLimits {
  /** Maximum size of the file, in bytes. @default 268_435_456 (256 MiB) */
  readonly maxBytes?: number
  /** Maximum size of a value, in bytes. Rows with a larger value are skipped. @default 16_777_216 (16 MiB) */
  readonly maxValueBytes?: number
}

/** A readable table of an untrusted file. */
export interface ForeignTable {
  /** Names of the columns in lower case. */
  readonly columns: ReadonlySet<string>
  /** Number of rows. */
  readonly count: number
}

/** The default of `maxBytes`. */
export const MAX_FOREIGN_BYTES: number = 256 * 2 ** 20
const MAX_VALUE_BYTES = 16 * 2 ** 20
/** Header offsets of the format versions: 2 means a write-ahead log, which is a separate file. */
const WRITE_VERSION = 18
const READ_VERSION = 19

/**
 * Without `ignore_check_constraints`, `quick_check` would evaluate expressions of the file. There is no `hard_heap_limit`: it would
 * apply to every database of the thread and could not be lifted.
 */
const PRAGMAS = `PRAGMA trusted_schema=off; PRAGMA cell_size_check=on; PRAGMA ignore_check_constraints=on;
  PRAGMA temp_store=memory; PRAGMA query_only=on`

/**
 * An untrusted SQLite file, opened from a copy in a database of its own. It reads only the stored columns of ordinary tables, by
 * table scans: views, triggers, virtual tables, generated columns, checks and indexes of the file are never used.
 */
export class ForeignDatabase {
  readonly #database: SqlJsDatabase
  readonly #maxValueBytes: number
  readonly #declared: ReadonlyMap<string, Declared>
  readonly #tables = new Map<string, ForeignTable>()

  /**
   * @throws INVALID_ARGUMENT for a file above the limit, NOT_A_STORE for bytes that are not an intact SQLite database.
   */
  constructor(engine: Engine, bytes: Uint8Array, limits: ForeignLimits = {}) {
    const { maxBytes = MAX_FOREIGN_BYTES, maxValueBytes = MAX_VALUE_BYTES } = limits
    if (bytes.length > maxBytes) throw tooLarge(maxBytes, bytes.length)
    if (!isSqlite(bytes)) throw foreign('a SQLite database, got a file without its header')
    checkSchemaPages(bytes)
    this.#maxValueBytes = maxValueBytes
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

  /** The tables, views and virtual tables that the schema declares, readable or not. */
  get declared(): Iterable<Declared> {
    return this.#declared.values()
  }

  /**
   * Checks the pages of a table and returns it; undefined if there is no readable table of this name.
   * @throws NOT_A_STORE if the pages are corrupt.
   */
  table(name: string): ForeignTable | undefined {
    const known = this.#tables.get(name)
    if (known) return known
    if (this.#declared.get(name)?.kind !== 'table' || name.startsWith('sqlite_')) return undefined
    const columns = [...this.#all('SELECT name, hidden FROM pragma_table_xinfo(?)', [name])]
    // `quick_check` evaluates generated columns, and an unchecked table can be a cycle of pages: not readable.
    if (columns.length === 0 || columns.some(([, hidden]) => hidden !== 0)) return undefined
    // Only its first row is fetched: it checks the pages first, and then all rows, whatever it found.
    const [check] = this.#all('SELECT quick_check FROM pragma_quick_check(?)', [name])
    if (check?.[0] !== 'ok') throw foreign(`an intact database, quick_check reports for ${name}: ${String(check?.[0])}`)
    const [counted] = this.#all(`SELECT count(*) FROM main.${quoted(name)} NOT INDEXED`, [])
    const table = {
      columns: new Set(columns.map(([column]) => String(column).toLowerCase())),
      count: Number(counted?.[0]),
    }
    this.#tables.set(name, table)
    return table
  }

  /**
   * The rows of a table, without those with a value above the limit.
   * @param columns names from `ForeignTable.columns`. @throws NOT_A_STORE
   */
  rows(name: string, columns: readonly string[]): Generator<SqlValue[]> {
    const names = columns.map(quoted)
    const fits = names.map((column) => `coalesce(octet_length(${column}), 0) <= ?1`).join(' AND ')
    return this.#all(`SELECT ${names.join(', ')} FROM main.${quoted(name)} NOT INDEXED WHERE ${fits}`, [
      this.#maxValueBytes,
    ])
  }

  close(): void {
    this.#database.close()
  }

  /** `sql` is constant except for quoted names, which SQLite cannot bind. */
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

export function tooLarge(maxBytes: number, got: number): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected a file of at most ${maxBytes} bytes, got ${got}`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A copy whose header does not mention a write-ahead log. */
function withoutLog(bytes: Uint8Array): Uint8Array {
  if (bytes[WRITE_VERSION] !== 2 && bytes[READ_VERSION] !== 2) return bytes
  // `slice` of Node's Buffer does not copy.
  const copy = new Uint8Array(bytes)
  copy[WRITE_VERSION] = 1
  copy[READ_VERSION] = 1
  return copy
}

function asForeign(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return foreign(`an intact SQLite database, SQLite reports: ${reason.slice(0, 200)}`, error)
}
