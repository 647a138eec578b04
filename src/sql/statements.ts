import { StoreError } from '../errors.ts'
import type { SqlJsDatabase, SqlJsStatement } from './sql-js.ts'

/** What a column holds. Numbers are doubles; integers are exact up to 2^53. */
export type SqlValue = number | string | Uint8Array | null

/** SQLite reports its errors as text without a code, and misuse as a bare string: both come out as one class. */
export function sqlError(sql: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('SQL_ERROR', `SQLite refused \`${sql.trim().slice(0, 120)}\`: ${reason}`, { cause })
}

/** The statements of a database, each prepared once and kept. Their texts are constants, so there are only so many. */
export class Statements {
  readonly #database: SqlJsDatabase
  readonly #prepared = new Map<string, SqlJsStatement>()

  constructor(database: SqlJsDatabase) {
    this.#database = database
  }

  /** Runs a statement that answers no rows. */
  step(sql: string, values: readonly SqlValue[]): void {
    const statement = this.#prepare(sql)
    try {
      // A finished statement holds nothing: the next bind resets it.
      statement.bind(values)
      statement.step()
    } catch (cause) {
      statement.reset()
      throw sqlError(sql, cause)
    }
  }

  /** All rows, or the first `most`, as arrays in column order. */
  rows(sql: string, values: readonly SqlValue[], most: number): unknown[][] {
    const statement = this.#prepare(sql)
    const rows: unknown[][] = []
    try {
      statement.bind(values)
      while (rows.length < most && statement.step()) rows.push(statement.get())
      return rows
    } catch (cause) {
      throw sqlError(sql, cause)
    } finally {
      statement.reset()
    }
  }

  free(): void {
    for (const statement of this.#prepared.values()) statement.free()
    this.#prepared.clear()
  }

  #prepare(sql: string): SqlJsStatement {
    const known = this.#prepared.get(sql)
    if (known) return known
    try {
      const statement = this.#database.prepare(sql)
      this.#prepared.set(sql, statement)
      return statement
    } catch (cause) {
      throw sqlError(sql, cause)
    }
  }
}
