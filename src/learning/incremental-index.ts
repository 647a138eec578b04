import type { Core } from './core/core.ts'

/** Above this number of changed rows, rebuilding is faster. */
const MAX_CHANGES = 10_000

/** How an index is read from its rows. */
export interface IndexSource<Index> {
  /** Builds the index from all rows. */
  readonly build: () => Index
  /** Reads one row again, which was added, changed or removed. */
  readonly refresh: (index: Index, id: string) => void
}

/**
 * An index in memory over rows, built on first use. Operations report the rows that they change; these are read again
 * before the next use. After a rollback, so are the rows that were read inside a transaction.
 */
export class IncrementalIndex<Index> {
  readonly #core: Core
  readonly #source: IndexSource<Index>
  readonly #changed = new Set<string>()
  /** Rows that were read while a transaction was open, which may be rolled back. */
  readonly #uncommitted = new Set<string>()
  #index: Index | undefined
  #builtUncommitted = false
  #revision: number
  #imports: number

  constructor(core: Core, source: IndexSource<Index>) {
    this.#core = core
    this.#source = source
    this.#revision = core.revision
    this.#imports = core.imports
  }

  /** Reports that a row was added, changed or removed. */
  changed(id: string): void {
    if (this.#index === undefined) return
    this.#changed.add(id)
    if (this.#changed.size > MAX_CHANGES) this.forget()
  }

  /** The up-to-date index. Use it at once: the next operation may change it. */
  current(): Index {
    const inTransaction = this.#core.connection.inTransaction
    if (this.#imports !== this.#core.imports) {
      this.#imports = this.#core.imports
      this.forget()
    }
    if (this.#revision !== this.#core.revision) {
      this.#revision = this.#core.revision
      if (this.#builtUncommitted) this.forget()
      for (const id of this.#uncommitted) this.#changed.add(id)
    }
    if (!inTransaction) {
      this.#uncommitted.clear()
      this.#builtUncommitted = false
    }
    if (this.#index === undefined) {
      this.#index = this.#source.build()
      this.#builtUncommitted = inTransaction
    }
    for (const id of this.#changed) {
      this.#source.refresh(this.#index, id)
      if (inTransaction) this.#uncommitted.add(id)
    }
    this.#changed.clear()
    return this.#index
  }

  /** Discards the index, so that it is rebuilt on next use. */
  forget(): void {
    this.#index = undefined
    this.#builtUncommitted = false
    this.#changed.clear()
    this.#uncommitted.clear()
  }
}
