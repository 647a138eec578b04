import type { Core } from '../core/core.ts'

/** After so many rows to read again it is quicker to read all. */
const MOST_CHANGES = 10_000

/** What an index in memory is made of: all rows, or one that is new, changed or gone. */
export interface Following<Index> {
  readonly build: () => Index
  /** Afterwards the index has the row as it is now, or not at all where there is none. */
  readonly reread: (index: Index, id: string) => void
}

/**
 * An index in memory over rows, made when it is first asked for. The operations say which rows they change, and those are read
 * again before the next question; so are, after a rollback, those that were read in a transaction.
 */
export class IncrementalIndex<Index> {
  readonly #core: Core
  readonly #following: Following<Index>
  readonly #changed = new Set<string>()
  /** What was read while a transaction was open, which may be rolled back. */
  readonly #unsettled = new Set<string>()
  #index: Index | undefined
  #builtUnsettled = false
  #revision: number

  constructor(core: Core, following: Following<Index>) {
    this.#core = core
    this.#following = following
    this.#revision = core.revision
  }

  /** This row is new, is not what it was, or is gone. */
  changed(id: string): void {
    if (this.#index === undefined) return
    this.#changed.add(id)
    if (this.#changed.size > MOST_CHANGES) this.forget()
  }

  /** The index as the rows are now. It is for one question: the next operation may change it. */
  current(): Index {
    const isOpen = this.#core.connection.inTransaction
    if (this.#revision !== this.#core.revision) {
      this.#revision = this.#core.revision
      if (this.#builtUnsettled) this.forget()
      for (const id of this.#unsettled) this.#changed.add(id)
    }
    if (!isOpen) {
      this.#unsettled.clear()
      this.#builtUnsettled = false
    }
    if (this.#index === undefined) {
      this.#index = this.#following.build()
      this.#builtUnsettled = isOpen
    }
    for (const id of this.#changed) {
      this.#following.reread(this.#index, id)
      if (isOpen) this.#unsettled.add(id)
    }
    this.#changed.clear()
    return this.#index
  }

  /** Any row may be another: all are read again before the next question. */
  forget(): void {
    this.#index = undefined
    this.#builtUnsettled = false
    this.#changed.clear()
    this.#unsettled.clear()
  }
}
