import { bestByName } from '../algorithms/search/ranking.ts'
import { checkName, checkOptions, checkPositive, invalid } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import type { ExecutionPattern, ExecutionRun } from '../learning/execution-patterns/execution-pattern.ts'
import type { PatternRecommendation } from '../learning/execution-patterns/recommended-patterns.ts'
import type { NewPerformanceMetrics } from '../learning/history/metrics.ts'
import { type LearningContext, taskContextOf } from './learning-context.ts'
import { removeOld } from './learning-database.ts'
import { type LearningStatus, learningMetricsOf, phaseOf } from './learning-status.ts'
import type { AgentPlatform } from './platform.ts'
import { STORE_OPTIONS, StoreInUse, type StoreOptions } from './shared-store-handle.ts'

/** A part of an application that learns with the engine. What it throws is reported and disturbs nobody. */
export interface LearningModule {
  /** Told of each run after it was tracked, and of the pattern it now belongs to; of a failed store, without. */
  readonly onPattern?: (run: ExecutionRun, pattern: ExecutionPattern | undefined) => unknown
  /** May recommend too; the best of all are answered, each pattern once. */
  readonly recommend?: (
    context: LearningContext,
  ) => readonly PatternRecommendation[] | Promise<readonly PatternRecommendation[]>
}

export interface AdaptiveLearningOptions extends StoreOptions {
  /** After so many days a run counts half; 30 unless given. */
  readonly halfLifeDays?: number
  /** What `optimizePerformance` forgets: what was not used for so many days; 180 unless given. */
  readonly retentionDays?: number
  /** Told what went wrong while learning went on; reported to people unless given. */
  readonly onError?: (error: unknown) => void
}

const RECOMMENDED = 10
const DAY_SECONDS = 24 * 60 * 60

/**
 * Learns which pattern serves which task best. All that it learns is in the store. A store that fails is reported, and
 * learning goes on without it: nothing is tracked, modules are still asked. Bad arguments reject with INVALID_ARGUMENT.
 */
export class AdaptiveLearningEngine {
  readonly #inUse: StoreInUse
  readonly #platform: AgentPlatform
  readonly #halfLifeDays: number
  readonly #retentionDays: number
  readonly #onError: (error: unknown) => void
  readonly #modules = new Map<string, LearningModule>()
  #isInitialized = false
  #isOptimizing = false
  #failures = 0
  #lastFailure: string | undefined

  /** @throws INVALID_ARGUMENT */
  constructor(options: AdaptiveLearningOptions, platform: AgentPlatform) {
    const { store, openStore, halfLifeDays, retentionDays, onError } = checkOptions(options, 'the options', [
      ...STORE_OPTIONS,
      ...(['halfLifeDays', 'retentionDays', 'onError'] as const),
    ])
    this.#inUse = new StoreInUse({ store, openStore }, platform, 'an adaptive learning engine')
    this.#platform = platform
    this.#halfLifeDays = checkPositive(halfLifeDays ?? 30, 'halfLifeDays', Number.MAX_VALUE)
    this.#retentionDays = checkPositive(retentionDays ?? 180, 'retentionDays', Number.MAX_VALUE)
    this.#onError = onError ?? ((error) => platform.report(error))
  }

  /** Answers whether the store could be opened. Whatever it answers, the engine is ready. */
  async initialize(): Promise<boolean> {
    const opened = await this.#unlessFailing(async () => true)
    this.#isInitialized = true
    return opened ?? false
  }

  /** A module of this name is told and asked from now on; it replaces the one before. @throws INVALID_ARGUMENT */
  registerLearningModule(name: string, module: LearningModule): void {
    checkOptions(module, 'a learning module', ['onPattern', 'recommend'])
    for (const [what, callback] of Object.entries(module)) {
      if (typeof callback !== 'function') throw invalid(what, 'a function', callback)
    }
    this.#modules.set(checkName(name, 'name'), module)
  }

  /** Answers whether there was one. */
  unregisterLearningModule(name: string): boolean {
    return this.#modules.delete(name)
  }

  /** Learns from a run, together with all runs of its task type, pattern and complexity. Answers whether it is stored. */
  async trackExecutionPattern(run: ExecutionRun): Promise<boolean> {
    const halfLifeDays = this.#halfLifeDays
    const pattern = await this.#unlessFailing((store) => store.executionPatterns.recordRun(run, { halfLifeDays }))
    await this.#askModules((module) => module.onPattern?.(run, pattern))
    return pattern !== undefined
  }

  /** What fits the context, the best first, each pattern once, at most ten; of equals the first by name. */
  async getRecommendations(context: LearningContext): Promise<PatternRecommendation[]> {
    const halfLifeDays = this.#halfLifeDays
    const task = taskContextOf(context)
    const own = await this.#unlessFailing((store) => store.executionPatterns.recommend(task, { halfLifeDays }))
    const others = await this.#askModules((module) => module.recommend?.(context))
    const all = [own ?? [], ...others.map((answer) => answer ?? [])].flat()
    return bestByName(all, ({ patternUsed }) => patternUsed, RECOMMENDED)
  }

  /** Answers whether it is stored. */
  async updatePerformanceMetrics(metrics: NewPerformanceMetrics): Promise<boolean> {
    return (await this.#unlessFailing((store) => store.metrics.add(metrics))) !== undefined
  }

  /** Answers also while the store fails, then without what only the store knows. */
  async getLearningStatus(): Promise<LearningStatus> {
    const metrics = await this.#unlessFailing(learningMetricsOf)
    return {
      phase: phaseOf(this.#isInitialized, this.#isOptimizing, metrics),
      modules: [...this.#modules.keys()].sort(),
      metrics,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
    }
  }

  /** Forgets what was not used for a long time. Answers how many rows went; undefined where the store fails. */
  async optimizePerformance(): Promise<number | undefined> {
    const maxAgeSeconds = this.#retentionDays * DAY_SECONDS
    this.#isOptimizing = true
    try {
      return await this.#unlessFailing((store) => removeOld(store, maxAgeSeconds))
    } finally {
      this.#isOptimizing = false
    }
  }

  /** Persists everything, and closes the store if the engine opened it. Later calls reject with CLOSED. */
  shutdown(): Promise<void> {
    return this.#inUse.close()
  }

  /** What modules answer, without those that fail. */
  async #askModules<T>(ask: (module: LearningModule) => T | Promise<T>): Promise<T[]> {
    const answers = [...this.#modules.values()].map(async (module) => [await ask(module)])
    const settled = await Promise.allSettled(answers)
    return settled.flatMap((one) => {
      if (one.status === 'fulfilled') return one.value
      this.#report(one.reason)
      return []
    })
  }

  /** Undefined, and reported, where the store fails. What the caller did wrong is the caller's to hear. */
  async #unlessFailing<T>(work: (store: AsyncStore) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await this.#inUse.open())
    } catch (error) {
      if (error instanceof StoreError && (error.code === 'INVALID_ARGUMENT' || error.code === 'CLOSED')) throw error
      this.#failures++
      this.#lastFailure = error instanceof Error ? error.message : String(error)
      this.#report(error)
      return undefined
    }
  }

  #report(error: unknown): void {
    try {
      this.#onError(error)
    } catch (second) {
      this.#platform.report(second)
    }
  }
}
