import type { Caller } from '../algorithms/access.ts'
import { checkId, checkName } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { Jsonable, JsonValue } from '../json-value.ts'
import { checkCall } from '../limits.ts'
import type { Connection, Rows, SqlValue } from '../sql/connection.ts'
import type { ResetAgentResult } from '../tables/agent-removal.ts'
import type { TableSummary } from '../tables/inventory.ts'
import type { LearnerConfiguration } from '../tables/learner-configuration.ts'
import { Sizes } from '../tables/sizes.ts'
import { msIn } from '../tables/sql-time.ts'
import { Agent } from './agents/agent.ts'
import { Agents } from './agents/agents.ts'
import type { Operation, Outcome } from './core/batch.ts'
import { Core, type CoreOptions } from './core/core.ts'
import { checkConfiguration } from './core/learner-configuration.ts'
import type { LinearModels } from './core/linear-models.ts'
import type { Decisions } from './decisions/decisions.ts'
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
import { Stopwatch } from './latencies.ts'
import { LAZY_MODULE_LOADERS, type LazyModuleLoaders, LazyModules, type LoadedModules } from './lazy-modules.ts'
import type { ApplyImportResult } from './maintenance/apply-import.ts'
import type { ImportBatch } from './maintenance/import-batch.ts'
import type { MergeResult } from './maintenance/merge.ts'
import type { PruneOptions, PruneResult } from './maintenance/pruning.ts'
import type { Replica } from './maintenance/replica.ts'
import type { Memory } from './memory/memory.ts'
import type { Patterns } from './patterns/patterns.ts'
import type { Progress } from './progress.ts'
import { contentOf, type StoreContent } from './store-content.ts'
import type { TestPatterns } from './test-patterns/test-patterns.ts'
import { Values } from './values.ts'

/**
 * The synchronous learning API over one database. Every operation is one transaction. Collections and operations of a
 * lazy module throw WORKER_LOST until it is loaded.
 */
export class LearningStore {
  /** The agents of this store. */
  readonly agents: Agents
  /** The recorded experiences of all agents, one transition each. */
  readonly experiences: Experiences
  /** The learned values of all agents, by state and action. */
  readonly values: Values
  /** Code that is loaded when first used. */
  readonly lazyModules: LazyModules
  /** Measures the latencies of operations. */
  readonly stopwatch: Stopwatch
  readonly #core: Core
  readonly #sizes: Sizes

  /** @param factories the lazy modules that are loaded from the start. @param loaders the loaders of the others. */
  constructor(
    connection: Connection,
    options: CoreOptions,
    factories: LoadedModules = {},
    loaders: LazyModuleLoaders = LAZY_MODULE_LOADERS,
    stopwatch: Stopwatch = new Stopwatch(options.now, options.elapsed ?? options.now),
  ) {
    this.#core = new Core(connection, options)
    this.values = new Values(this.#core)
    this.lazyModules = new LazyModules(this.#core, factories, loaders)
    this.#core.linear = () => this.lazyModules.get('linear')
    this.#core.linearIfUsed = () => this.lazyModules.ifUsed('linear')
    this.experiences = new Experiences(this.#core, this.lazyModules)
    this.agents = new Agents(this.#core, this.lazyModules)
    this.#sizes = new Sizes(connection)
    this.stopwatch = stopwatch
  }

  /** Decisions whose rewards come later. */
  get decisions(): Decisions {
    return this.lazyModules.get('decisions').decisions
  }

  /** Execution patterns: how tasks were carried out, how well that worked, and which pattern to use next. */
  get executionPatterns(): ExecutionPatterns {
    return this.lazyModules.get('history').executionPatterns
  }

  /** The learning history: one record per learned task, for reports. */
  get learningHistory(): LearningHistory {
    return this.lazyModules.get('history').learningHistory
  }

  /** Measurements of the agents' learning. */
  get learningMetrics(): LearningMetrics {
    return this.lazyModules.get('history').learningMetrics
  }

  /** Preferences of users. */
  get preferences(): Preferences {
    return this.lazyModules.get('history').preferences
  }

  /** Performance measurements of components, compared with a baseline. */
  get metrics(): Metrics {
    return this.lazyModules.get('history').metrics
  }

  /** Successful strategies of agents, and patterns of failure. */
  get patterns(): Patterns {
    return this.lazyModules.get('patterns')
  }

  /** Shared memory: entries with owners, access levels and lifetimes. */
  get memory(): Memory {
    return this.lazyModules.get('memory')
  }

  /** Records of cooperating agents: fleets, tasks, sessions, events, proposals, goals. */
  get fleet(): Fleet {
    return this.lazyModules.get('fleet')
  }

  /** Test patterns: reusable test templates, found by text, similarity and embedding. */
  get testPatterns(): TestPatterns {
    return this.lazyModules.get('testPatterns').operations
  }

  /**
   * Opens an agent, or creates it if the store has none with this id. Its stored configuration applies; fields given
   * here replace the stored ones. @throws INVALID_ARGUMENT
   */
  agent<State extends Jsonable<State> = JsonValue, Action extends Jsonable<Action> = JsonValue>(
    id: string,
    configuration: Partial<LearnerConfiguration> = {},
  ): Agent<State, Action> {
    // An earlier version may have made a longer one.
    if (!this.#core.learners.find(checkName(id, 'agent id'))) checkId(id, 'agent id')
    checkConfiguration(configuration)
    this.#core.transaction(() => this.#core.learners.open(id, configuration))
    return new Agent(this.#core, this.lazyModules, id)
  }

  /** The existing agent with this id, without creating it. Its methods throw INVALID_ARGUMENT if there is none. */
  agentOf(id: string): Agent {
    return new Agent(this.#core, this.lazyModules, checkName(id, 'agent id'))
  }

  /**
   * Estimates the expected reward of a policy from logged experiences of another one (off-policy evaluation). All
   * estimators but `dm` need the `behaviorProbability` of every logged experience.
   *
   * @returns the estimate with its interval, effective sample size and coverage.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('ads')
   * const logged = { state: 'home', terminated: true, actions: ['a', 'b'], behaviorProbability: 0.5 }
   * await agent.learnMany([{ ...logged, action: 'a', reward: 1 }, { ...logged, action: 'b', reward: 0 }])
   * const policy = { probabilities: [{ state: 'home', action: 'a', probability: 1 }] }
   * const { value } = await store.evaluatePolicy(policy, { agentId: 'ads', estimator: 'snips' })
   * console.log(value) // 1
   * await store.close()
   * ```
   */
  evaluatePolicy(policy: TargetPolicy | AnsweredPolicy, options: EvaluationOptions): PolicyEvaluation {
    return this.lazyModules.get('evaluation').evaluatePolicy(this.#core, policy, options)
  }

  /** Returns the situations for which an evaluation needs the policy's probabilities. @throws INVALID_ARGUMENT */
  loggedSituations(options: EvaluationOptions): LoggedSituations {
    return this.lazyModules.get('evaluation').loggedSituations(this.#core, options)
  }

  /**
   * Deletes everything an agent has learned: experiences, values, patterns, history and metrics. Its exploration rate
   * and random generator restart; its configuration stays.
   * @returns the number of deleted rows of each kind.
   * @throws INVALID_ARGUMENT
   */
  resetAgent(id: string): ResetAgentResult {
    return this.lazyModules.get('deletion').resetAgent(this.#core, id)
  }

  /** Lists the tables, views and virtual tables of the database, sorted by name. */
  tables(): TableSummary[] {
    return this.lazyModules.get('inspection').tables(this.#core)
  }

  /** Returns a page of rows of a table or view, with all its columns. @throws INVALID_ARGUMENT, SQL_ERROR */
  rows(table: string, options: ListRowsOptions = {}): Rows {
    return this.lazyModules.get('inspection').rowsOf(this.#core, table, options)
  }

  /**
   * Runs one reading SQL statement (SELECT, WITH, VALUES, EXPLAIN, or a pragma without side effects). Values are
   * bound by position; numbers are doubles, blobs are bytes. A synchronous store cannot stop a query that does not end.
   *
   * @returns the column names and the first rows.
   * @throws INVALID_ARGUMENT, SQL_ERROR, TIMEOUT
   */
  query(sql: string, values: readonly SqlValue[] = [], options: QueryOptions = {}): Rows {
    return this.lazyModules.get('inspection').query(this.#core, sql, values, options)
  }

  /** Checks the integrity of every page and row. Changes nothing. */
  verify(): VerifyResult {
    return this.lazyModules.get('inspection').verify(this.#core)
  }

  status(): StoreContent {
    const cache = this.lazyModules.ifUsed('history')?.executionPatternCache.status
    return contentOf(this.#core, this.#sizes, cache ?? { hits: 0, misses: 0 }, this.stopwatch.latencies)
  }

  /**
   * Imports the records of a batch that the store does not have.
   * @param dryRun whether to only report what would change.
   */
  applyImport(importBatch: ImportBatch, dryRun: boolean): ApplyImportResult {
    const { applyImport } = this.lazyModules.get('maintenance')
    const { bank } = this.lazyModules.get('testPatterns')
    return this.#core.attempt(() => applyImport(this.#core, bank, importBatch), dryRun)
  }

  /** Imports the experiences of another replica and derives all values again. @throws INVALID_ARGUMENT */
  merge(replica: Replica, options: { readonly forgetRemoved: boolean }): MergeResult {
    const { merge } = this.lazyModules.get('maintenance')
    return this.#core.attempt(() => merge(this.#core, replica, options), false)
  }

  /** Runs several operations in one transaction. @param dryRun whether to roll it back and only return the result. */
  attempt<T>(operations: () => T, dryRun: boolean): T {
    return this.#core.attempt(operations, dryRun)
  }

  /** Removes old rows by policy, in steps. @throws INVALID_ARGUMENT */
  prune(options: PruneOptions): Generator<Progress, PruneResult> {
    const { checkPrune, prune } = this.lazyModules.get('maintenance')
    return prune(this.#core, checkPrune(options))
  }

  /** The number of the last commit. */
  get sequence(): number {
    return this.#core.connection.sequence
  }

  /** Performs operations in one transaction, each with its own outcome, with the same effect as one after the other. */
  run(operations: readonly Operation[]): Outcome<unknown>[] {
    return this.batch(operations.map((operation) => () => this.#perform(operation)))
  }

  /** As `run`, for functions that call methods of this store. @internal */
  batch<T>(operations: readonly (() => T)[]): Outcome<T>[] {
    return this.#core.batch(operations)
  }

  /** When the first open decision expires, or earlier, in ms since the epoch; undefined if none does. */
  get nextExpiryMs(): number | undefined {
    return msIn(this.#core.nextExpiry)
  }

  /** The linear models, if any were used. */
  get models(): LinearModels | undefined {
    return this.#core.linearIfUsed()
  }

  /** Commits pending generator states, so that a snapshot or a reopened store continues exactly from here. */
  settle(): void {
    this.#core.settle()
  }

  #perform({ on, method, args, kind, agentId = '', caller }: Operation): unknown {
    if (kind === undefined) {
      throw new StoreError('INVALID_ARGUMENT', `Expected a method of a store, got ${String(on)}.${String(method)}`)
    }
    checkCall(args, kind === 'read')
    const [collection = '', ...path] = on.split('.')
    return this.stopwatch.time(`${on}.${method}`, kind === 'read', () => {
      let target: object = this
      if (collection === 'agent') target = at(this.agentOf(agentId), path)
      else if (on === 'memory.as') target = this.memory.as(caller as Caller)
      else if (collection !== 'store') target = at(this, [collection, ...path])
      const run = Reflect.get(target, method) as (...args: readonly unknown[]) => unknown
      const result = run.apply(target, [...args])
      // An agent cannot be cloned; the caller has its id.
      return result instanceof Agent ? undefined : result
    })
  }
}

/** The value of a property path of an object. */
function at(root: object, path: readonly string[]): object {
  return path.reduce<object>((target, name) => Reflect.get(target, name) as object, root)
}
