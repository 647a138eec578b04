import { StoreError } from '../errors.ts'
import type { SqlJsDatabase, SqlJsStatement } from './sql-js.ts'

/** The value of a column. Numbers are doubles; integers are exact up to 2^53. */
export type SqlValue = number | string | Uint8Array | null

/** Wraps an error of sql.js, which throws errors without a code, and bare strings for misuse. */
export function sqlError(sql: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('SQL_ERROR', `SQLite refused \`${sql.trim().slice(0, 120)}\`: ${reason}`, { cause })
}

/** Caches the prepared statements of a database. Their texts are constants, so that the cache is bounded. */
export class Statements {
  readonly #database: SqlJsDatabase
  readonly #prepared = new Map<string, SqlJsStatement>()

  constructor(database: SqlJsDatabase) {
    this.#database = database
  }

  /** Executes a statement without result rows. @throws SQL_ERROR */
  step(sql: string, values: readonly SqlValue[]): void {
    const statement = this.#prepare(sql)
    try {
      // No reset: a finished statement holds no lock, and the next bind resets it.
      statement.bind(values)
      statement.step()
    } catch (cause) {
      statement.reset()
      throw sqlError(sql, cause)
    }
  }

  /**
   * Returns the first rows as arrays in column order.
   *
   * @param isLast whether to read no more rows after this one. @param fits whether to return a row; default: all. @throws SQL_ERROR
   */
  rows<T>(sql: string, values: readonly SqlValue[], isLast: (row: T) => boolean, fits?: (row: T) => boolean): T[] {
    const statement = this.#prepare(sql)
    const rows: T[] = []
    try {
      statement.bind(values)
      while (statement.step()) {
        const row = statement.get() as T
        if (fits && !fits(row)) continue
        rows.push(row)
        if (isLast(row)) break
      }
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
