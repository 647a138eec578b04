import { StoreError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { type Rows, readFreeText } from './free-text.ts'
import type { SqlJsDatabase } from './sql-js.ts'
import { type SqlValue, Statements, sqlError } from './statements.ts'

export type { Rows, SqlValue }

/** One write as it ran: its text and the values bound to it, by position. */
export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** What one outermost transaction changed: enough to run it again on the state before it. */
export interface Commit {
  readonly sequence: number
  readonly statements: readonly Statement[]
}

/**
 * `journal_mode=memory` keeps ROLLBACK working without a journal file. `recursive_triggers`: without it INSERT OR REPLACE
 * leaves stale full-text hits. `trusted_schema=off`: the schema of a file is code of whoever wrote the file.
 */
const PRAGMAS = `PRAGMA journal_mode=memory; PRAGMA synchronous=off; PRAGMA locking_mode=exclusive;
  PRAGMA temp_store=memory; PRAGMA recursive_triggers=on; PRAGMA trusted_schema=off; PRAGMA cell_size_check=on`

/**
 * A synchronous connection to one in-memory database: prepared statements, nested transactions, and a record of what
 * each outermost transaction wrote.
 */
export class Connection {
  readonly #database: SqlJsDatabase
  readonly #statements: Statements
  #depth = 0
  #written: Statement[] = []
  #sequence = 0

  /** Called after each outermost COMMIT that wrote something. It must not throw. */
  onCommit: (commit: Commit) => void = () => {}
  /** Called inside an outermost transaction that wrote something, before its COMMIT; what it throws rolls it back. */
  checkWritable: (statements: readonly Statement[]) => void = () => {}
  /** Called inside an outermost transaction just before its COMMIT; what it writes belongs to the commit. */
  beforeCommit: (hasWritten: boolean) => void = () => {}
  /** Called after a transaction at any depth was rolled back. */
  onRollback: () => void = () => {}

  constructor(engine: Engine, bytes?: Uint8Array) {
    this.#database = engine.open(bytes)
    this.#statements = new Statements(this.#database)
    this.execute(PRAGMAS)
  }

  /** The number of the last commit. */
  get sequence(): number {
    return this.#sequence
  }

  /** How large the database is, in bytes. */
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

  /** Says which commit the loaded bytes stand at. */
  startAt(sequence: number): void {
    this.#sequence = sequence
  }

  /** Runs one writing statement and records it. Outside a transaction it is one of its own. Answers the number of rows changed. */
  run(sql: string, values: readonly SqlValue[]): number {
    if (this.#depth === 0) return this.transaction(() => this.run(sql, values))
    this.#statements.step(sql, values)
    this.#written.push({ sql, values })
    return this.#database.getRowsModified()
  }

  /** The first row of a reading statement, as an array in column order. */
  get<T extends readonly SqlValue[]>(sql: string, values: readonly SqlValue[] = []): T | undefined {
    return this.#statements.rows(sql, values, 1)[0] as T | undefined
  }

  /** All rows of a reading statement, as arrays in column order. */
  all<T extends readonly SqlValue[]>(sql: string, values: readonly SqlValue[] = []): T[] {
    return this.#statements.rows(sql, values, Number.POSITIVE_INFINITY) as unknown[] as T[]
  }

  /** The first rows, at most so many, of one reading statement that somebody wrote. @throws INVALID_ARGUMENT, SQL */
  read(sql: string, values: readonly SqlValue[], most: number): Rows {
    return readFreeText(this.#database, sql, values, most)
  }

  /**
   * Runs `work` in a transaction, or in a savepoint of the one that is open. An exception rolls back and is thrown on.
   * A promise is refused: a transaction that stays open over an `await` would take in the statements of others.
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
        throw new StoreError('INVALID_ARGUMENT', 'Expected a synchronous transaction, got one that answers a promise')
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

  /** Runs a commit of the log again. Nothing is recorded; the sequence moves on to the commit's. */
  replay(commit: Commit): void {
    if (commit.sequence !== this.#sequence + 1) {
      throw new StoreError('CORRUPT_LOG', `Expected commit ${this.#sequence + 1} next, got ${commit.sequence}`)
    }
    this.#statements.step('BEGIN', [])
    try {
      for (const { sql, values } of commit.statements) this.#statements.step(sql, values)
      this.#statements.step('COMMIT', [])
    } catch (error) {
      this.#rollback(true)
      throw error
    }
    this.#sequence = commit.sequence
  }

  /** Runs statements that are no part of the log: pragmas and migrations. */
  execute(sql: string): void {
    try {
      this.#database.exec(sql)
    } catch (cause) {
      throw sqlError(sql, cause)
    }
  }

  /** The whole database as bytes; refused inside a transaction that wrote. */
  export(): Uint8Array {
    try {
      return this.#database.export()
    } catch (cause) {
      throw sqlError('export', cause)
    }
  }

  close(): void {
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
        // Out of memory or a full database: SQLite has rolled back by itself.
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
