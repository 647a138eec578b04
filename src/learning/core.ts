import type { Connection } from '../sql/connection.ts'
import { ExperiencesTable } from '../tables/experiences.ts'
import { LearnersTable } from '../tables/learners.ts'
import { ValuesTable } from '../tables/values.ts'
import { Cells } from './cells.ts'
import { Learners } from './learners.ts'
import { Updates } from './updates.ts'

/** What the core may not make up itself: it is told the time, the ids and the chance. */
export interface CoreOptions {
  /** ms since the epoch. */
  readonly now: () => number
  readonly newId: () => string
  /** 32 bits, for the generators of agents that are made from now on. */
  readonly seed: number
}

/** What the families of a store share: one connection, its tables, and what is held in memory of them. */
export class Core {
  readonly connection: Connection
  readonly now: () => number
  readonly newId: () => string
  readonly experiences: ExperiencesTable
  readonly values: ValuesTable
  readonly cells: Cells
  readonly learners: Learners
  readonly updates: Updates
  /** Raised by each transaction that may have changed something, and by each rollback: what was read before it is stale. */
  revision: number = 0

  constructor(connection: Connection, { now, newId, seed }: CoreOptions) {
    this.connection = connection
    this.now = now
    this.newId = newId
    this.experiences = new ExperiencesTable(connection)
    this.values = new ValuesTable(connection)
    this.cells = new Cells(this.values)
    this.learners = new Learners(new LearnersTable(connection), seed, now)
    this.updates = new Updates(this.cells)
    connection.beforeCommit = () => this.#flush()
    connection.onRollback = () => {
      this.cells.forget()
      this.learners.forget()
      this.revision++
    }
  }

  /** One act: all of it or nothing. */
  transaction<T>(work: () => T): T {
    // What the outer transaction holds in memory must survive when only the inner one is rolled back.
    if (this.connection.inTransaction) this.#flush()
    return this.connection.transaction(work)
  }

  /** Commits what no act has committed yet: draws of the agents' generators that were not followed by learning. */
  settle(): void {
    if (this.learners.isDirty) this.transaction(() => {})
  }

  #flush(): void {
    this.cells.flush()
    this.learners.flush()
  }
}
