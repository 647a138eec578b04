import type { Connection } from '../../sql/connection.ts'
import { ExperiencesTable } from '../../tables/experiences.ts'
import { LearnersTable } from '../../tables/learners.ts'
import { ValuesTable } from '../../tables/values.ts'
import { Batch, type Outcome, outcomeOf } from './batch.ts'
import { DynaModels } from './dyna-models.ts'
import { Learners } from './learners.ts'
import { ValueCache } from './value-cache.ts'
import { ValueUpdates } from './value-updates.ts'

/** What the core may not make up itself: it is told the time, the ids and the chance. */
export interface CoreOptions {
  /** ms since the epoch. */
  readonly now: () => number
  /** An id that nothing else has, a UUID of version 7 unless given. */
  readonly newId: () => string
  /** 32 bits, for the generators of agents that are made from now on. */
  readonly seed: number
  /** ms since any moment, to measure how long operations take; by `now` unless given. */
  readonly elapsed?: (() => number) | undefined
}

/** What the collections of a store share: one connection, its tables, and what is held in memory of them. */
export class Core {
  readonly connection: Connection
  readonly now: () => number
  readonly newId: () => string
  readonly experiences: ExperiencesTable
  readonly values: ValuesTable
  readonly valueCache: ValueCache
  readonly learners: Learners
  readonly updates: ValueUpdates
  readonly models: DynaModels
  /** Raised by each transaction that may have changed something, and by each rollback: what was read before it is stale. */
  revision: number = 0
  #batch: Batch | undefined

  constructor(connection: Connection, { now, newId, seed }: CoreOptions) {
    this.connection = connection
    this.now = now
    this.newId = newId
    this.experiences = new ExperiencesTable(connection)
    this.values = new ValuesTable(connection)
    this.valueCache = new ValueCache(this.values)
    this.learners = new Learners(new LearnersTable(connection), seed, now)
    this.updates = new ValueUpdates(this.valueCache)
    this.models = new DynaModels(this.experiences)
    connection.beforeCommit = (hasWritten) => {
      // Draws alone are no commit: choosing would cost one.
      if (hasWritten || this.valueCache.isDirty) this.#flush()
    }
    connection.onRollback = () => {
      this.valueCache.forget()
      this.learners.forget()
      this.models.forget()
      this.revision++
    }
  }

  /** One operation: all of it or nothing. */
  transaction<T>(work: () => T): T {
    if (this.#batch) return this.#batch.join(work)
    // What the outer transaction holds in memory must survive when only the inner one is rolled back.
    this.writeHeld()
    return this.connection.transaction(work)
  }

  /** An operation that draws while it works something out: where it fails, or is only tried, nobody has drawn. */
  attempt<T>(work: () => T, isTrial: boolean): T {
    const draws = this.learners.draws()
    let result: { readonly value: T } | undefined
    try {
      this.transaction(() => {
        result = { value: work() }
        if (isTrial) throw new Error('Only tried')
      })
    } catch (error) {
      this.learners.redraw(draws)
      if (!isTrial || !result) throw error
    }
    return (result as { readonly value: T }).value
  }

  /**
   * Runs operations in one transaction; each answers or fails by itself, with the same effect as one after the other. A
   * savepoint for each would cost a third more, so where an operation fails after it may have written something all of them are
   * rolled back and run again, each in its own transaction.
   */
  batch<T>(operations: readonly (() => T)[]): Outcome<T>[] {
    if (operations.length > 1) {
      const draws = this.learners.draws()
      const batch = new Batch()
      this.#batch = batch
      try {
        return this.connection.transaction(() => operations.map((operation) => batch.run(operation)))
      } catch {
        // Whatever it was, each operation meets it again below by itself.
        this.learners.redraw(draws)
      } finally {
        this.#batch = undefined
      }
    }
    return operations.map(outcomeOf)
  }

  /** Inside a transaction, writes what is held in memory, so that queries see it. */
  writeHeld(): void {
    if (this.connection.inTransaction) this.#flush()
  }

  /** Commits what no operation has committed yet: draws of the agents' generators that were not followed by learning. */
  settle(): void {
    if (this.learners.isDirty) this.transaction(() => this.#flush())
  }

  #flush(): void {
    this.valueCache.flush()
    this.learners.flush()
  }
}
