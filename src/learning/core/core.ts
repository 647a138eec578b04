import { hasExactModel, isLinear } from '../../algorithms/algorithms.ts'
import { type StateCount, usesSimilarStates } from '../../algorithms/unseen-states.ts'
import { moduleLoadFailed } from '../../errors.ts'
import type { Connection } from '../../sql/connection.ts'
import { DecisionCountsTable } from '../../tables/decision-counts.ts'
import { ExperiencesTable } from '../../tables/experiences.ts'
import { LearnersTable } from '../../tables/learners.ts'
import { LearningSumsTable } from '../../tables/learning-sums.ts'
import { LinearArmsTable } from '../../tables/linear-arms.ts'
import { ValuesTable } from '../../tables/values.ts'
import { Batch, type Outcome, outcomeOf } from './batch.ts'
import { DynaModels } from './dyna-models.ts'
import type { ExperienceDefaults } from './experience.ts'
import { Learners } from './learners.ts'
import { LearningSums } from './learning-sums.ts'
import type { LinearModels } from './linear-models.ts'
import { StateCounts } from './state-counts.ts'
import { ValueCache } from './value-cache.ts'
import { ValueUpdates } from './value-updates.ts'

/** Injected clock, id generator and random seed. */
export interface CoreOptions {
  /** Returns the time in ms since the epoch. */
  readonly now: () => number
  /** Returns a new unique id. */
  readonly newId: () => string
  /** 32 bits; seeds the generators of agents that are created from now on. */
  readonly seed: number
  /** Returns monotonic ms, for measuring latencies. Default: `now`. */
  readonly elapsed?: (() => number) | undefined
  /**
   * Whether the agents draw from generators of `seed` instead of their own, for a store that cannot write the draws.
   * @default false
   */
  readonly drawsApart?: boolean | undefined
}

/** The state that all collections of a store share: the connection, its tables, and the caches over them. */
export class Core {
  readonly connection: Connection
  readonly now: () => number
  readonly newId: () => string
  readonly experiences: ExperiencesTable
  readonly sums: LearningSums
  readonly values: ValuesTable
  readonly valueCache: ValueCache
  readonly stateCounts: StateCounts
  readonly learners: Learners
  readonly updates: ValueUpdates
  readonly models: DynaModels
  /** Returns the linear models, which are a lazy module. @throws MODULE_LOAD_FAILED if it is not loaded */
  linear: () => LinearModels = () => {
    throw moduleLoadFailed('linear', 'nothing')
  }
  /** The linear models, if any were used. */
  linearIfUsed: () => LinearModels | undefined = () => undefined
  /** When the first open decision expires, UTC text, or earlier; null if none does. */
  nextExpiry: string | null
  /** Incremented by each rollback: anything read before it is stale. */
  revision: number = 0
  /** Incremented when rows of tables were changed by other means than their collection, such as an import: indexes over them are stale. */
  imports: number = 0
  #batch: Batch | undefined

  constructor(connection: Connection, { now, newId, seed, drawsApart = false }: CoreOptions) {
    this.connection = connection
    this.now = now
    this.newId = newId
    this.experiences = new ExperiencesTable(connection)
    this.sums = new LearningSums(new LearningSumsTable(connection))
    this.values = new ValuesTable(connection)
    this.valueCache = new ValueCache(this.values)
    this.stateCounts = new StateCounts(this.values)
    this.valueCache.observe(this.stateCounts)
    this.learners = new Learners(new LearnersTable(connection), seed, now, drawsApart)
    this.updates = new ValueUpdates(this.valueCache)
    this.models = new DynaModels(this.experiences)
    this.nextExpiry = new DecisionCountsTable(connection).nextExpiry()
    connection.beforeCommit = (hasWritten) => {
      // Random draws alone do not commit: otherwise every `selectAction` would.
      if (hasWritten || this.valueCache.isDirty) this.#flush()
    }
    connection.onRollback = () => {
      this.sums.forget()
      this.valueCache.forget()
      this.learners.forget()
      this.models.forget()
      this.linearIfUsed()?.rolledBack()
      this.revision++
    }
  }

  /** What `checkExperience` has to know of an agent. @throws INVALID_ARGUMENT for an agent that was never opened. */
  defaultsOf(agentId: string): ExperienceDefaults {
    const { type, algorithm, policy, rewardRange } = this.learners.get(agentId)
    const isBeta = policy === 'thompson-beta' && !isLinear(algorithm)
    return { id: this.newId, taskType: type, rewardRange: rewardRange ?? (isBeta ? [0, 1] : null) }
  }

  /** How many states an agent has values in. */
  countStates(agentId: string): StateCount {
    this.writePending()
    return this.stateCounts.of(agentId)
  }

  /** Whether the agent learns a linear model; false for one that does not exist. */
  hasLinearModel(agentId: string): boolean {
    const algorithm = this.learners.find(agentId)?.algorithm
    return algorithm !== undefined && isLinear(algorithm)
  }

  /** Whether the agent's model was stored by a version up to schema 4 and cannot be learned again, because experiences were pruned. */
  hasEarlierArms(agentId: string): boolean {
    return this.learners.removedCount(agentId) > 0 && new LinearArmsTable(this.connection).hasAgent(agentId)
  }

  /** Whether the agent's linear model can be derived again: from its experiences, or from the sums of all that it recorded. */
  canDeriveModel(agentId: string): boolean {
    const removed = this.learners.removedCount(agentId)
    if (removed === 0) return true
    if (!hasExactModel(this.learners.get(agentId).algorithm) || this.hasEarlierArms(agentId)) return false
    this.writePending()
    // Schema 4 introduced the sums, so they lack what was pruned before it.
    return this.sums.table.recorded(agentId) >= this.experiences.count(agentId) + removed
  }

  /** Whether the agent takes the values of similar states for those of a state without values. */
  usesSimilarStates(agentId: string): boolean {
    const learner = this.learners.find(agentId)
    if (!learner || isLinear(learner.algorithm)) return false
    return usesSimilarStates(learner.unseenStates, () => this.countStates(agentId))
  }

  /** Whether it may do so after further experiences; true for an agent that does not exist yet. */
  mayUseSimilarStates(agentId: string): boolean {
    return this.learners.find(agentId)?.unseenStates !== 'uniform'
  }

  /** Runs one operation atomically. */
  transaction<T>(work: () => T): T {
    if (this.#batch) return this.#batch.join(work)
    // Cached changes of the outer transaction must survive a rollback of the inner one.
    this.writePending()
    return this.connection.transaction(work)
  }

  /** Runs an operation that draws random numbers. If it fails or is a dry run, the generators are reset too. */
  attempt<T>(work: () => T, dryRun: boolean): T {
    const generators = this.learners.generatorStates()
    let result: { readonly value: T } | undefined
    try {
      this.transaction(() => {
        result = { value: work() }
        if (dryRun) throw new Error('Dry run')
      })
    } catch (error) {
      this.learners.restoreGenerators(generators)
      if (!dryRun || !result) throw error
    }
    return (result as { readonly value: T }).value
  }

  /**
   * Runs operations in one transaction. Each returns or fails by itself, with the same effect as one after the other. A
   * savepoint for each would cost a third more, so if an operation fails after it may have written something, all of
   * them are rolled back and run again, each in its own transaction.
   */
  batch<T>(operations: readonly (() => T)[]): Outcome<T>[] {
    if (operations.length > 1) {
      const generators = this.learners.generatorStates()
      const batch = new Batch()
      this.#batch = batch
      try {
        return this.connection.transaction(() => operations.map((operation) => batch.run(operation)))
      } catch {
        // Each operation meets its own error again below.
        this.learners.restoreGenerators(generators)
      } finally {
        this.#batch = undefined
      }
    }
    return operations.map(outcomeOf)
  }

  /** Inside a transaction, writes the cached changes, so that queries see them. */
  writePending(): void {
    if (this.connection.inTransaction) this.#flush()
  }

  /** Commits generator states that no operation has committed yet: draws that were not followed by learning. */
  settle(): void {
    if (this.learners.isDirty) this.transaction(() => this.#flush())
  }

  #flush(): void {
    this.sums.flush()
    this.valueCache.flush()
    this.learners.flush()
  }
}
