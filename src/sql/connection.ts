import { StoreError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { type Rows, readFreeText } from './free-text.ts'
import type { SqlJsDatabase } from './sql-js.ts'
import { type SqlValue, Statements, sqlError } from './statements.ts'

export type { Rows, SqlValue }

/** A write statement with the values bound to it by position. */
export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** The write statements of an outermost transaction: replayed on the state before it, they reproduce the state after it. */
export interface Commit {
  readonly sequence: number
  readonly statements: readonly Statement[]
}

/**
 * `journal_mode=memory` makes ROLLBACK work without a journal file. Without `recursive_triggers`, INSERT OR REPLACE leaves stale
 * full-text entries. `trusted_schema=off`, because the schema of a file is code from its author.
 */
const PRAGMAS = `PRAGMA journal_mode=memory; PRAGMA synchronous=off; PRAGMA locking_mode=exclusive;
  PRAGMA temp_store=memory; PRAGMA recursive_triggers=on; PRAGMA trusted_schema=off; PRAGMA cell_size_check=on`

/**
 * A synchronous connection to an in-memory database, with prepared statements, nested transactions, and a record of the writes of
 * each outermost transaction.
 */
export class Connection {
  readonly #engine: Engine
  readonly #database: SqlJsDatabase
  readonly #statements: Statements
  /** Databases beside this one, for data that is derived from it. */
  readonly #derived = new Map<string, Connection>()
  #depth = 0
  #written: Statement[] = []
  #sequence = 0

  /** Called after each outermost COMMIT of a transaction with writes. Must not throw. */
  onCommit: (commit: Commit) => void = () => {}
  /** Called before the COMMIT of an outermost transaction with writes. Rolls it back by throwing. */
  checkWritable: (statements: readonly Statement[]) => void = () => {}
  /** Called just before the COMMIT of an outermost transaction. Its own writes belong to the commit. */
  beforeCommit: (hasWritten: boolean) => void = () => {}
  /** Called after a rollback of a transaction or a savepoint. */
  onRollback: () => void = () => {}

  constructor(engine: Engine, bytes?: Uint8Array) {
    this.#engine = engine
    this.#database = engine.open(bytes)
    this.#statements = new Statements(this.#database)
    this.execute(PRAGMAS)
  }

  /** Sequence number of the last commit. */
  get sequence(): number {
    return this.#sequence
  }

  /** Size of the database, in bytes. */
  get size(): number {
    const [pages = 0, bytes = 0] = [
      this.get<[number]>('PRAGMA page_count'),
      this.get<[number]>('PRAGMA page_size'),
    ].flat()
    return pages * bytes
  }

  get inTransaction(): boolean {
    return this.#depth > 0
  }

  /** Sets the sequence number of the loaded database. */
  startAt(sequence: number): void {
    this.#sequence = sequence
  }

  /**
   * Executes and records a write statement, outside a transaction in one of its own.
   * @returns the number of changed rows. @throws SQL_ERROR
   */
  run(sql: string, values: readonly SqlValue[]): number {
    if (this.#depth === 0) return this.transaction(() => this.run(sql, values))
    this.#statements.step(sql, values)
    this.#written.push({ sql, values })
    return this.#database.getRowsModified()
  }

  /** Executes a write statement that the log does not record, for data that can be derived again. @throws SQL_ERROR, also in a transaction */
  runUnrecorded(sql: string, values: readonly SqlValue[]): void {
    // A rollback would undo it, and what the caller believes to be written.
    if (this.#depth > 0) throw sqlError(sql, 'a transaction is open')
    this.#statements.step(sql, values)
  }

  /** Returns the first row of a query as an array in column order. @throws SQL_ERROR */
  get<T extends readonly SqlValue[]>(sql: string, values: readonly SqlValue[] = []): T | undefined {
    return this.#statements.rows<T>(sql, values, () => true)[0]
  }

  /** Returns all rows of a query as arrays in column order. @throws SQL_ERROR */
  all<T extends readonly SqlValue[]>(sql: string, values: readonly SqlValue[] = []): T[] {
    return this.allUpTo(sql, values, () => false)
  }

  /** Returns the rows of a query up to the first one that `isLast` holds for, as arrays in column order. @throws SQL_ERROR */
  allUpTo<T extends readonly SqlValue[]>(sql: string, values: readonly SqlValue[], isLast: (row: T) => boolean): T[] {
    return this.#statements.rows(sql, values, isLast)
  }

  /** Returns the first rows of a query that `fits` holds for, up to `limit`, as arrays in column order. @throws SQL_ERROR */
  matching<T extends readonly SqlValue[]>(
    sql: string,
    values: readonly SqlValue[],
    fits: (row: T) => boolean,
    limit: number,
  ): T[] {
    if (limit === 0) return []
    let left = limit
    return this.#statements.rows<T>(sql, values, () => --left === 0, fits)
  }

  /** Returns up to `limit` rows of a query from outside this package. @throws INVALID_ARGUMENT, SQL_ERROR */
  read(sql: string, values: readonly SqlValue[], limit: number): Rows {
    return readFreeText(this.#database, sql, values, limit)
  }

  /**
   * Runs `work` in a transaction, or in a savepoint if one is open. An exception rolls back and is rethrown. A promise is refused,
   * because a transaction that stays open across an `await` would include the statements of other operations.
   * @throws INVALID_ARGUMENT if `work` returns a promise.
   */
  transaction<T>(work: () => T): T {
    const mark = this.#written.length
    const outermost = this.#depth === 0
    this.#statements.step(outermost ? 'BEGIN' : 'SAVEPOINT inner', [])
    this.#depth++
    let result: T
    try {
      result = work()
      if (isThenable(result)) {
        throw new StoreError('INVALID_ARGUMENT', 'Expected a synchronous transaction, got one that returns a promise')
      }
      if (outermost) this.beforeCommit(this.#written.length > 0)
      if (outermost && this.#written.length > 0) this.checkWritable(this.#written)
      this.#statements.step(outermost ? 'COMMIT' : 'RELEASE inner', [])
    } catch (error) {
      this.#depth--
      this.#written.length = mark
      this.#rollback(outermost)
      throw error
    }
    this.#depth--
    if (outermost) this.#committed()
    return result
  }

  /** Replays a commit of the log without recording it, and advances the sequence number. @throws CORRUPT_LOG, SQL_ERROR */
  replay(commit: Commit): void {
    if (commit.sequence !== this.#sequence + 1) {
      throw new StoreError('CORRUPT_LOG', `Expected commit ${this.#sequence + 1} next, got ${commit.sequence}`)
    }
    this.#statements.step('BEGIN', [])
    try {
      for (const { sql, values } of commit.statements) {
        // The log may be that of an attacker, and a declaration would be executed later.
        if (!/^\s*(insert|update|delete|replace|with)\b/i.test(sql)) throw sqlError(sql, 'Expected a change of rows')
        this.#statements.step(sql, values)
      }
      this.#statements.step('COMMIT', [])
    } catch (error) {
      this.#rollback(true)
      throw error
    }
    this.#sequence = commit.sequence
  }

  /** Executes statements that the log does not record: pragmas and migrations. @throws SQL_ERROR */
  execute(sql: string): void {
    try {
      this.#database.exec(sql)
    } catch (cause) {
      throw sqlError(sql, cause)
    }
  }

  /** Returns the whole database as bytes. Not allowed in a transaction with writes. @throws SQL_ERROR */
  export(): Uint8Array {
    try {
      return this.#database.export()
    } catch (cause) {
      throw sqlError('export', cause)
    }
  }

  /** The database of this name for data that is derived from this one: empty at first, neither recorded nor exported, closed with this connection. */
  derived(name: string): Connection {
    const derived = this.#derived.get(name) ?? new Connection(this.#engine)
    this.#derived.set(name, derived)
    return derived
  }

  close(): void {
    for (const derived of this.#derived.values()) derived.close()
    this.#statements.free()
    this.#database.close()
  }

  #committed(): void {
    if (this.#written.length === 0) return
    const statements = this.#written
    this.#written = []
    this.onCommit({ sequence: ++this.#sequence, statements })
  }

  #rollback(outermost: boolean): void {
    if (outermost) {
      try {
        this.#statements.step('ROLLBACK', [])
      } catch (error) {
        // On SQLITE_NOMEM and SQLITE_FULL SQLite rolls back by itself.
        if (!String(error).includes('no transaction is active')) throw error
      }
    } else {
      this.#statements.step('ROLLBACK TO inner', [])
      this.#statements.step('RELEASE inner', [])
    }
    this.onRollback()
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
