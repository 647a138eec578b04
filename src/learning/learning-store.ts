import { checkName } from '../checks.ts'
import type { Family } from '../families.ts'
import type { Connection, Rows, SqlValue } from '../sql/connection.ts'
import { schemaVersion } from '../sql/migrations.ts'
import { AgentRemovalTable, type RemovedRows } from '../tables/agent-removal.ts'
import { InventoryTable, type TableSummary } from '../tables/inventory.ts'
import { type LearnerConfiguration, LearnersTable } from '../tables/learners.ts'
import { type FamilySize, Sizes } from '../tables/sizes.ts'
import { Agent } from './agent.ts'
import type { Outcome } from './batch.ts'
import { Core, type CoreOptions } from './core.ts'
import { evaluatePolicy, type LoggedSituations, loggedSituations, type PolicyEvaluation } from './evaluation.ts'
import type { EvaluationOptions } from './evaluation-options.ts'
import { ExecutionPatterns } from './execution-patterns.ts'
import { Experiences } from './experiences.ts'
import { Fleet } from './fleet.ts'
import { type ListRows, type QueryOptions, query, rowsOf } from './inspection.ts'
import type { Intake } from './intake.ts'
import { type Latencies, Stopwatch } from './latencies.ts'
import { checkConfiguration } from './learner-configuration.ts'
import { LearningHistory } from './learning-history.ts'
import { LearningMetrics } from './learning-metrics.ts'
import { Memory } from './memory.ts'
import { type Merged, merge, type Replica } from './merging.ts'
import { Metrics } from './metrics.ts'
import { Patterns } from './patterns.ts'
import { Preferences } from './preferences.ts'
import type { Progress } from './progress.ts'
import { checkRetain, type Removed, type RetainOptions, retain } from './retention.ts'
import { type TakenIn, takeIn } from './taking-in.ts'
import type { AnsweredPolicy, TargetPolicy } from './target-policy.ts'
import { TestPatternBank } from './test-pattern-bank.ts'
import { TestPatterns } from './test-patterns.ts'
import { Values } from './values.ts'
import { type Verification, verify } from './verification.ts'

/** What is in a store. */
export interface StoreContent {
  /** The number of the last commit. */
  readonly sequence: number
  readonly schemaVersion: number
  readonly counts: { readonly agents: number; readonly experiences: number; readonly values: number }
  /** Of the whole database, in bytes. */
  readonly databaseBytes: number
  /** Those that have rows. */
  readonly families: { readonly [F in Family]?: FamilySize }
  readonly cache: { readonly hits: number; readonly misses: number }
  readonly latencies: Latencies
}

/** The learning API over one database, synchronous: every act is one transaction. */
export class LearningStore {
  readonly experiences: Experiences
  readonly values: Values
  readonly executionPatterns: ExecutionPatterns
  readonly patterns: Patterns
  readonly learningHistory: LearningHistory
  readonly learningMetrics: LearningMetrics
  readonly preferences: Preferences
  readonly metrics: Metrics
  readonly memory: Memory
  readonly fleet: Fleet
  readonly testPatterns: TestPatterns
  /** Measures what callers ask. */
  readonly stopwatch: Stopwatch
  readonly #core: Core
  readonly #bank: TestPatternBank
  readonly #sizes: Sizes

  constructor(connection: Connection, options: CoreOptions) {
    this.#core = new Core(connection, options)
    this.experiences = new Experiences(this.#core)
    this.values = new Values(this.#core)
    this.executionPatterns = new ExecutionPatterns(this.#core)
    this.patterns = new Patterns(this.#core)
    this.learningHistory = new LearningHistory(this.#core)
    this.learningMetrics = new LearningMetrics(this.#core)
    this.preferences = new Preferences(this.#core)
    this.metrics = new Metrics(this.#core)
    this.memory = new Memory(this.#core)
    this.fleet = new Fleet(this.#core)
    this.#sizes = new Sizes(connection)
    this.#bank = new TestPatternBank(this.#core)
    this.testPatterns = new TestPatterns(this.#core, this.#bank)
    this.stopwatch = new Stopwatch(options.now, options.elapsed ?? options.now)
  }

  /**
   * The agent with this id, made where there is none. Its stored configuration holds; a field given here replaces the
   * stored one. @throws INVALID_ARGUMENT
   */
  agent(id: string, configuration: Partial<LearnerConfiguration> = {}): Agent {
    checkName(id, 'agent id')
    checkConfiguration(configuration)
    this.#core.transaction(() => this.#core.learners.open(id, configuration))
    return new Agent(this.#core, id)
  }

  /** The agent that was made under this id before; its methods throw INVALID_ARGUMENT where there is none. */
  agentOf(id: string): Agent {
    return new Agent(this.#core, checkName(id, 'agent id'))
  }

  /** The ids of all agents, sorted. */
  agentIds(): string[] {
    return new LearnersTable(this.#core.connection).ids()
  }

  /**
   * What a policy would have earned, from what an agent experienced while it chose otherwise. @throws INVALID_ARGUMENT, also
   * where the probabilities were not logged with which the agent chose, or the log has nothing that the policy chooses.
   */
  evaluatePolicy(policy: TargetPolicy | AnsweredPolicy, options: EvaluationOptions): PolicyEvaluation {
    return evaluatePolicy(this.#core, policy, options)
  }

  /** What an evaluation with these options would ask a policy. @throws INVALID_ARGUMENT */
  loggedSituations(options: EvaluationOptions): LoggedSituations {
    return loggedSituations(this.#core, options)
  }

  /**
   * The agent knows nothing it learned afterwards: no experience, value, pattern, record of history or metric of it is left,
   * its exploration and its generator begin anew. Its configuration stays. @throws INVALID_ARGUMENT
   */
  resetAgent(id: string): RemovedRows {
    const { learners, cells, connection } = this.#core
    learners.get(checkName(id, 'agent id'))
    return this.#core.transaction(() => {
      // What is held in memory of others must not be lost when it is read again.
      this.#core.writeHeld()
      const removed = new AgentRemovalTable(connection).removeLearning(id)
      cells.forget()
      this.#core.models.forget()
      learners.restart(id)
      return removed
    })
  }

  /** What the database consists of, by name: its tables, views and virtual tables. */
  tables(): TableSummary[] {
    this.#core.writeHeld()
    return new InventoryTable(this.#core.connection).list()
  }

  /** Some rows of a table or view, with all its columns; a database of another program may have any. @throws INVALID_ARGUMENT, SQL */
  rows(table: string, options: ListRows = {}): Rows {
    return rowsOf(this.#core, table, options)
  }

  /**
   * The first rows of one SQL statement that reads (SELECT, WITH, VALUES, EXPLAIN of these, and pragmas that only tell), whatever
   * it says nothing is changed. Values are bound by position; numbers are doubles, blobs are bytes. SQLite cannot be
   * interrupted here: a query that does not end blocks the store's thread for ever.
   * @throws INVALID_ARGUMENT for any other text, SQL with what SQLite says.
   */
  query(sql: string, values: readonly SqlValue[] = [], options: QueryOptions = {}): Rows {
    return query(this.#core, sql, values, options)
  }

  /** Looks at every page and row for what should not be. Nothing is changed. */
  verify(): Verification {
    return verify(this.#core)
  }

  status(): StoreContent {
    this.#core.writeHeld()
    const { connection, experiences, values } = this.#core
    return {
      sequence: connection.sequence,
      schemaVersion: schemaVersion(connection),
      counts: { agents: this.agentIds().length, experiences: experiences.count(), values: values.count() },
      databaseBytes: connection.size,
      families: this.#sizes.byFamily(connection.size),
      cache: this.executionPatterns.cacheStatus(),
      latencies: this.stopwatch.latencies,
    }
  }

  /** Takes in what a source holds and is not here. @param isTrial where it is only worked out what would come of it. */
  takeIn(intake: Intake, isTrial: boolean): TakenIn {
    return this.#core.attempt(() => takeIn(this.#core, this.#bank, intake), isTrial)
  }

  /** Takes in what another replica experienced, and derives all values again. @throws INVALID_ARGUMENT */
  merge(replica: Replica, options: { readonly forgetRemoved: boolean }): Merged {
    return this.#core.attempt(() => merge(this.#core, replica, options), false)
  }

  /** Both or neither of several acts. @param isTrial where it is only worked out what would come of them. */
  both<T>(acts: () => T, isTrial: boolean): T {
    return this.#core.attempt(acts, isTrial)
  }

  /** Removes what need not be kept, in steps. @throws INVALID_ARGUMENT */
  retain(options: RetainOptions): Generator<Progress, Removed> {
    return retain(this.#core, checkRetain(options))
  }

  /** The number of the last commit. */
  get sequence(): number {
    return this.#core.connection.sequence
  }

  /** Runs acts in one transaction; each answers or fails by itself, with the same effect as one after the other. */
  batch<T>(acts: readonly (() => T)[]): Outcome<T>[] {
    return this.#core.batch(acts)
  }

  /** Commits what no act has committed yet, so that a snapshot or a reopened store goes on exactly here. */
  settle(): void {
    this.#core.settle()
  }
}
