import type { Caller } from '../algorithms/access.ts'
import { checkName } from '../checks.ts'
import type { Collection } from '../collections.ts'
import { StoreError } from '../errors.ts'
import type { Connection, Rows, SqlValue } from '../sql/connection.ts'
import { schemaVersion } from '../sql/migrations.ts'
import { AgentRemovalTable, type ResetAgentResult } from '../tables/agent-removal.ts'
import type { TableSummary } from '../tables/inventory.ts'
import { type LearnerConfiguration, LearnersTable } from '../tables/learners.ts'
import { type CollectionSize, Sizes } from '../tables/sizes.ts'
import { Agent } from './agents/agent.ts'
import { Agents } from './agents/agents.ts'
import type { Operation, Outcome } from './core/batch.ts'
import { Core, type CoreOptions } from './core/core.ts'
import { checkConfiguration } from './core/learner-configuration.ts'
import type { LoggedSituations, PolicyEvaluation } from './evaluation/evaluation.ts'
import type { EvaluationOptions } from './evaluation/evaluation-options.ts'
import type { AnsweredPolicy, TargetPolicy } from './evaluation/target-policy.ts'
import type { ExecutionPatterns } from './execution-patterns/execution-patterns.ts'
import { Experiences } from './experiences/experiences.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { LearningHistory } from './history/learning-history.ts'
import type { LearningMetrics } from './history/learning-metrics.ts'
import type { Metrics } from './history/metrics.ts'
import type { Preferences } from './history/preferences.ts'
import type { ListRowsOptions, QueryOptions } from './inspection/inspection.ts'
import type { VerifyResult } from './inspection/verification.ts'
import { type Latencies, Stopwatch } from './latencies.ts'
import { LAZY_MODULE_LOADERS, type LazyModuleFactories, type LazyModuleLoaders, LazyModules } from './lazy-modules.ts'
import type { ApplyImportResult } from './maintenance/apply-import.ts'
import type { ImportBatch } from './maintenance/import-batch.ts'
import type { MergeResult, Replica } from './maintenance/merge.ts'
import type { PruneOptions, PruneResult } from './maintenance/pruning.ts'
import type { Memory } from './memory/memory.ts'
import type { Patterns } from './patterns/patterns.ts'
import type { Progress } from './progress.ts'
import type { TestPatterns } from './test-patterns/test-patterns.ts'
import { Values } from './values.ts'

/** What is in a store. */
export interface StoreContent {
  /** The number of the last commit. */
  readonly sequence: number
  readonly schemaVersion: number
  readonly counts: { readonly agents: number; readonly experiences: number; readonly values: number }
  /** Of the whole database, in bytes. */
  readonly databaseBytes: number
  /** Those that have rows. */
  readonly collections: { readonly [F in Collection]?: CollectionSize }
  readonly cache: { readonly hits: number; readonly misses: number }
  readonly latencies: Latencies
}

/**
 * The learning API over one database, synchronous: every operation is one transaction. Collections and operations that belong to one of the parts
 * throw WORKER_LOST until it is there.
 */
export class LearningStore {
  /** The agents of this store. */
  readonly agents: Agents
  /** What agents experienced, one transition each. */
  readonly experiences: Experiences
  /** What actions were learned to be worth, by state. */
  readonly values: Values
  /** What is loaded when it is first asked for. */
  readonly lazyModules: LazyModules
  /** Measures what callers ask. */
  readonly stopwatch: Stopwatch
  readonly #core: Core
  readonly #sizes: Sizes

  /** @param makers the parts that are there from the start. @param loaders of the others. */
  constructor(
    connection: Connection,
    options: CoreOptions,
    makers: Partial<LazyModuleFactories> = {},
    loaders: LazyModuleLoaders = LAZY_MODULE_LOADERS,
  ) {
    this.#core = new Core(connection, options)
    this.experiences = new Experiences(this.#core)
    this.values = new Values(this.#core)
    this.lazyModules = new LazyModules(this.#core, makers, loaders)
    this.agents = new Agents(this.#core, this.lazyModules)
    this.#sizes = new Sizes(connection)
    this.stopwatch = new Stopwatch(options.now, options.elapsed ?? options.now)
  }

  /** How patterns of execution did in tasks, and which of them to use. */
  get executionPatterns(): ExecutionPatterns {
    return this.lazyModules.get('history').executionPatterns
  }

  /** A record of what was learned when, for people and reports. */
  get learningHistory(): LearningHistory {
    return this.lazyModules.get('history').learningHistory
  }

  /** Measurements of how agents learn. */
  get learningMetrics(): LearningMetrics {
    return this.lazyModules.get('history').learningMetrics
  }

  /** What users would rather have. */
  get preferences(): Preferences {
    return this.lazyModules.get('history').preferences
  }

  /** Measurements of components, against a baseline. */
  get metrics(): Metrics {
    return this.lazyModules.get('history').metrics
  }

  /** Strategies that proved themselves, and what goes wrong. */
  get patterns(): Patterns {
    return this.lazyModules.get('patterns')
  }

  /** Entries that agents share, with owners, access levels and lifetimes. */
  get memory(): Memory {
    return this.lazyModules.get('memory')
  }

  /** Records of agents that work together: tasks, sessions, events, votes, goals. */
  get fleet(): Fleet {
    return this.lazyModules.get('fleet')
  }

  /** Templates of tests, found by words and by likeness. */
  get testPatterns(): TestPatterns {
    return this.lazyModules.get('testPatterns').operations
  }

  /**
   * The agent with this id, made where there is none. Its stored configuration holds; a field given here replaces the
   * stored one. @throws INVALID_ARGUMENT
   */
  agent(id: string, configuration: Partial<LearnerConfiguration> = {}): Agent {
    checkName(id, 'agent id')
    checkConfiguration(configuration)
    this.#core.transaction(() => this.#core.learners.open(id, configuration))
    return new Agent(this.#core, this.lazyModules, id)
  }

  /** The agent that was made under this id before; its methods throw INVALID_ARGUMENT where there is none. */
  agentOf(id: string): Agent {
    return new Agent(this.#core, this.lazyModules, checkName(id, 'agent id'))
  }

  /**
   * What a policy would have earned, from what an agent experienced while it chose otherwise. @throws INVALID_ARGUMENT, also
   * where the probabilities were not logged with which the agent chose, or the log has nothing that the policy chooses.
   */
  evaluatePolicy(policy: TargetPolicy | AnsweredPolicy, options: EvaluationOptions): PolicyEvaluation {
    return this.lazyModules.get('evaluation').evaluatePolicy(this.#core, policy, options)
  }

  /** What an evaluation with these options would ask a policy. @throws INVALID_ARGUMENT */
  loggedSituations(options: EvaluationOptions): LoggedSituations {
    return this.lazyModules.get('evaluation').loggedSituations(this.#core, options)
  }

  /**
   * The agent knows nothing it learned afterwards: no experience, value, pattern, record of history or metric of it is left,
   * its exploration and its generator begin anew. Its configuration stays. @throws INVALID_ARGUMENT
   */
  resetAgent(id: string): ResetAgentResult {
    const { learners, valueCache, connection } = this.#core
    learners.get(checkName(id, 'agent id'))
    return this.#core.transaction(() => {
      // What is held in memory of others must not be lost when it is read again.
      this.#core.writeHeld()
      const removed = new AgentRemovalTable(connection).removeLearning(id)
      valueCache.forget()
      this.#core.models.forget()
      learners.restart(id)
      return removed
    })
  }

  /** What the database consists of, by name: its tables, views and virtual tables. */
  tables(): TableSummary[] {
    return this.lazyModules.get('inspection').tables(this.#core)
  }

  /** Some rows of a table or view, with all its columns; a database of another program may have any. @throws INVALID_ARGUMENT, SQL */
  rows(table: string, options: ListRowsOptions = {}): Rows {
    return this.lazyModules.get('inspection').rowsOf(this.#core, table, options)
  }

  /**
   * The first rows of one SQL statement that reads (SELECT, WITH, VALUES, EXPLAIN of these, and pragmas that only tell), whatever
   * it says nothing is changed. Values are bound by position; numbers are doubles, blobs are bytes. SQLite cannot be
   * interrupted here: a query that does not end blocks the store's thread for ever.
   * @throws INVALID_ARGUMENT for any other text, SQL with what SQLite says.
   */
  query(sql: string, values: readonly SqlValue[] = [], options: QueryOptions = {}): Rows {
    return this.lazyModules.get('inspection').query(this.#core, sql, values, options)
  }

  /** Looks at every page and row for what should not be. Nothing is changed. */
  verify(): VerifyResult {
    return this.lazyModules.get('inspection').verify(this.#core)
  }

  status(): StoreContent {
    this.#core.writeHeld()
    const { connection, experiences, values } = this.#core
    return {
      sequence: connection.sequence,
      schemaVersion: schemaVersion(connection),
      counts: {
        agents: new LearnersTable(connection).ids().length,
        experiences: experiences.count(),
        values: values.count(),
      },
      databaseBytes: connection.size,
      collections: this.#sizes.byCollection(connection.size),
      cache: this.lazyModules.used('history')?.executionPatternCache.status ?? { hits: 0, misses: 0 },
      latencies: this.stopwatch.latencies,
    }
  }

  /** Takes in what a source holds and is not here. @param isTrial where it is only worked out what would come of it. */
  applyImport(importBatch: ImportBatch, isTrial: boolean): ApplyImportResult {
    const { applyImport } = this.lazyModules.get('maintenance')
    const { bank } = this.lazyModules.get('testPatterns')
    return this.#core.attempt(() => applyImport(this.#core, bank, importBatch), isTrial)
  }

  /** Takes in what another replica experienced, and derives all values again. @throws INVALID_ARGUMENT */
  merge(replica: Replica, options: { readonly forgetRemoved: boolean }): MergeResult {
    const { merge } = this.lazyModules.get('maintenance')
    return this.#core.attempt(() => merge(this.#core, replica, options), false)
  }

  /** Both or neither of several operations. @param isTrial where it is only worked out what would come of them. */
  both<T>(operations: () => T, isTrial: boolean): T {
    return this.#core.attempt(operations, isTrial)
  }

  /** Removes what need not be kept, in steps. @throws INVALID_ARGUMENT */
  prune(options: PruneOptions): Generator<Progress, PruneResult> {
    const { checkPrune, prune } = this.lazyModules.get('maintenance')
    return prune(this.#core, checkPrune(options))
  }

  /** The number of the last commit. */
  get sequence(): number {
    return this.#core.connection.sequence
  }

  /**
   * Performs operations in one transaction. Each returns or fails by itself, with the same effect as one after the other.
   * @returns the outcomes in order.
   */
  run(operations: readonly Operation[]): Outcome<unknown>[] {
    return this.batch(operations.map((operation) => () => this.#perform(operation)))
  }

  /** As `run`, for functions that call methods of this store. @internal */
  batch<T>(operations: readonly (() => T)[]): Outcome<T>[] {
    return this.#core.batch(operations)
  }

  /** Commits what no operation has committed yet, so that a snapshot or a reopened store goes on exactly here. */
  settle(): void {
    this.#core.settle()
  }

  #perform({ on, method, args, kind, agentId = '', caller }: Operation): unknown {
    if (kind === undefined) {
      throw new StoreError('INVALID_ARGUMENT', `Expected a method of a store, got ${String(on)}.${String(method)}`)
    }
    const [collection = '', ...path] = on.split('.')
    return this.stopwatch.time(`${on}.${method}`, kind === 'read', () => {
      let target: object = this
      if (collection === 'agent') target = at(this.agentOf(agentId), path)
      else if (on === 'memory.as') target = this.memory.as(caller as Caller)
      else if (collection !== 'store') target = at(this, [collection, ...path])
      const run = Reflect.get(target, method) as (...args: readonly unknown[]) => unknown
      const result = run.apply(target, [...args])
      // An agent cannot travel; its id is known to the caller.
      return result instanceof Agent ? undefined : result
    })
  }
}

/** What lies at a path below an object. */
function at(root: object, path: readonly string[]): object {
  return path.reduce<object>((target, name) => Reflect.get(target, name) as object, root)
}
