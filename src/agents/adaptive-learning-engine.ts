import { bestByName } from '../algorithms/search/ranking.ts'
import { checkName, checkOptions, checkPositive, invalid } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { isRefusal, StoreError } from '../errors.ts'
import type { NewPerformanceMetrics } from '../learning/history/metrics.ts'
import { type LearningContext, taskContextOf } from './learning-context.ts'
import { pruneOld } from './learning-database.ts'
import { type LearningStatus, learningMetricsOf, phaseOf } from './learning-status.ts'
import {
  inMilliseconds,
  type McpExecutionPattern,
  type McpExecutionRun,
  type McpPatternRecommendation,
  mcpExecutionPattern,
  mcpRecommendation,
} from './mcp-agent-model.ts'
import type { AgentPlatform } from './platform.ts'
import { STORE_OPTIONS, StoreInUse, type StoreOptions } from './shared-store-handle.ts'

/** A module of an application that learns with the engine. Its errors are reported, and the engine goes on. */
export interface LearningModule {
  /** Called after each run was tracked, with the pattern of the run; the pattern is undefined if the store failed. */
  readonly onPattern?: (run: McpExecutionRun, pattern: McpExecutionPattern | undefined) => unknown
  /** Adds recommendations to those of the store. */
  readonly recommend?: (
    context: LearningContext,
  ) => readonly McpPatternRecommendation[] | Promise<readonly McpPatternRecommendation[]>
}

export interface AdaptiveLearningOptions extends StoreOptions {
  /** The time after which a run counts half. Default: 30 days. */
  readonly halfLifeMs?: number
  /** `optimizePerformance` deletes what was not used for this time. Default: 180 days. */
  readonly retentionMs?: number
  /** Called with errors of the store and of modules. Default: writes them to the console. */
  readonly onError?: (error: unknown) => void
}

const MAX_RECOMMENDATIONS = 10
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The adaptive learning engine of MCP-Agent: learns which execution patterns work best for which tasks. If the store fails, the
 * error is reported and the engine goes on with its modules alone. Methods throw INVALID_ARGUMENT, and CLOSED after `shutdown`.
 */
export class AdaptiveLearningEngine {
  readonly #inUse: StoreInUse
  readonly #platform: AgentPlatform
  readonly #halfLifeMs: number
  readonly #retentionMs: number
  readonly #onError: (error: unknown) => void
  readonly #modules = new Map<string, LearningModule>()
  #isInitialized = false
  #isOptimizing = false
  #failures = 0
  #lastFailure: string | undefined

  /** @throws INVALID_ARGUMENT */
  constructor(options: AdaptiveLearningOptions, platform: AgentPlatform) {
    const { store, openStore, halfLifeMs, retentionMs, onError } = checkOptions(options, 'the options', [
      ...STORE_OPTIONS,
      'halfLifeMs',
      'retentionMs',
      'onError',
    ])
    this.#inUse = new StoreInUse({ store, openStore }, platform, 'an adaptive learning engine')
    this.#platform = platform
    this.#halfLifeMs = checkPositive(halfLifeMs ?? 30 * DAY_MS, 'halfLifeMs', Number.MAX_VALUE)
    this.#retentionMs = checkPositive(retentionMs ?? 180 * DAY_MS, 'retentionMs', Number.MAX_VALUE)
    this.#onError = onError ?? ((error) => platform.report(error))
  }

  /** Opens the store. @returns false if that failed; the engine is ready in both cases */
  async initialize(): Promise<boolean> {
    const opened = await this.#unlessStoreFails(async () => true)
    this.#isInitialized = true
    return opened ?? false
  }

  /** Adds a module, or replaces the one of this name. @throws INVALID_ARGUMENT */
  registerLearningModule(name: string, module: LearningModule): void {
    checkOptions(module, 'a learning module', ['onPattern', 'recommend'])
    for (const [what, callback] of Object.entries(module)) {
      if (typeof callback !== 'function') throw invalid(what, 'a function', callback)
    }
    this.#modules.set(checkName(name, 'name'), module)
  }

  /** Removes a module. @returns false if there is none of this name */
  unregisterLearningModule(name: string): boolean {
    return this.#modules.delete(name)
  }

  /** Adds a run to the pattern of its task type, pattern name and complexity. @returns false if the store failed */
  async trackExecutionPattern(run: McpExecutionRun): Promise<boolean> {
    const halfLifeMs = this.#halfLifeMs
    const pattern = await this.#unlessStoreFails((store) =>
      store.executionPatterns.recordRun(inMilliseconds(run), { halfLifeMs }),
    )
    await this.#callModules((module) => module.onPattern?.(run, pattern && mcpExecutionPattern(pattern)))
    return pattern !== undefined
  }

  /** The best patterns for a task, of the store and of the modules: at most ten, best first, each pattern once. */
  async getRecommendations(context: LearningContext): Promise<McpPatternRecommendation[]> {
    const halfLifeMs = this.#halfLifeMs
    const task = taskContextOf(context)
    const own = await this.#unlessStoreFails((store) => store.executionPatterns.recommend(task, { halfLifeMs }))
    const others = await this.#callModules((module) => module.recommend?.(context))
    const all = [(own ?? []).map(mcpRecommendation), ...others.map((recommendations) => recommendations ?? [])].flat()
    return bestByName(all, ({ patternUsed }) => patternUsed, MAX_RECOMMENDATIONS)
  }

  /** Stores measurements. @returns false if the store failed */
  async updatePerformanceMetrics(metrics: NewPerformanceMetrics): Promise<boolean> {
    return (await this.#unlessStoreFails((store) => store.metrics.add(metrics))) !== undefined
  }

  /** The status of the engine. While the store fails, `metrics` is undefined. */
  async getLearningStatus(): Promise<LearningStatus> {
    const metrics = await this.#unlessStoreFails(learningMetricsOf)
    return {
      phase: phaseOf(this.#isInitialized, this.#isOptimizing, metrics),
      modules: [...this.#modules.keys()].sort(),
      metrics,
      failures: this.#failures,
      lastFailure: this.#lastFailure,
    }
  }

  /** Deletes patterns and metrics older than `retentionMs`. @returns the number of deleted rows; undefined if the store failed */
  async optimizePerformance(): Promise<number | undefined> {
    const maxAgeSeconds = this.#retentionMs / 1000
    this.#isOptimizing = true
    try {
      return await this.#unlessStoreFails((store) => pruneOld(store, maxAgeSeconds))
    } finally {
      this.#isOptimizing = false
    }
  }

  /** Persists everything, and closes the store if the engine opened it. Later calls throw CLOSED. */
  shutdown(): Promise<void> {
    return this.#inUse.close()
  }

  /** The results of all modules that do not fail. */
  async #callModules<T>(call: (module: LearningModule) => T | Promise<T>): Promise<T[]> {
    const results = [...this.#modules.values()].map(async (module) => [await call(module)])
    const settled = await Promise.allSettled(results)
    return settled.flatMap((one) => {
      if (one.status === 'fulfilled') return one.value
      this.#report(one.reason)
      return []
    })
  }

  /** Reports errors of the store and returns undefined. Errors of the caller are thrown. */
  async #unlessStoreFails<T>(work: (store: AsyncStore) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await this.#inUse.open())
    } catch (error) {
      if (isRefusal(error) || (error instanceof StoreError && error.code === 'CLOSED')) throw error
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
