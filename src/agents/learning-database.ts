import type { AsyncStore } from '../client/async-store.ts'
import type { ExecutionPattern, NewExecutionPattern } from '../learning/execution-patterns/execution-pattern.ts'
import type { ExecutionPatternFilterOptions } from '../learning/execution-patterns/execution-patterns.ts'
import type { NewPerformanceMetrics, PerformanceMetrics } from '../learning/history/metrics.ts'
import type { ListPreferencesOptions, NewPreference } from '../learning/history/preferences.ts'
import type { Latencies } from '../learning/latencies.ts'
import type { StoreStatus } from '../protocol/status.ts'
import type { Preference } from '../tables/preferences.ts'
import type { AgentPlatform } from './platform.ts'
import { StoreInUse, type StoreOptions } from './shared-store-handle.ts'

/** How the database is, and how fast. */
export interface DatabaseStatus extends Pick<StoreStatus, 'storage' | 'host' | 'state' | 'reason' | 'schemaVersion'> {
  /** Whether everything written is kept, or will be as soon as its turn comes. */
  readonly healthy: boolean
  readonly patternCount: number
  readonly metricCount: number
  readonly databaseBytes: number
  readonly cache: { readonly hits: number; readonly misses: number; readonly hitRatio: number }
  readonly latencies: Latencies
}

/** How long MCP-Agent keeps what is not used: one day. */
const MAX_AGE_SECONDS = 86_400

/** The learning database of MCP-Agent on a store: execution patterns, preferences and performance metrics. */
export class LearningDatabase {
  readonly #inUse: StoreInUse

  /** @throws INVALID_ARGUMENT */
  constructor(options: StoreOptions, platform: AgentPlatform) {
    this.#inUse = new StoreInUse(options, platform, 'a learning database')
  }

  /** Opens the store and makes the tables; every method does so that needs it. Rejects as opening a store does. */
  async initialize(): Promise<boolean> {
    await this.#inUse.open()
    return true
  }

  /** Rejects with INVALID_ARGUMENT, and as a store does. */
  async storeExecutionPattern(pattern: NewExecutionPattern): Promise<boolean> {
    await (await this.#open()).executionPatterns.add(pattern)
    return true
  }

  /** All of them or, when one is refused, none; in one transaction. Rejects with INVALID_ARGUMENT, and as a store does. */
  async storeExecutionPatterns(patterns: readonly NewExecutionPattern[]): Promise<boolean> {
    await (await this.#open()).executionPatterns.addMany(patterns)
    return true
  }

  /** Those that match, the most confident first, then the most successful, then the oldest. Rejects with INVALID_ARGUMENT. */
  async retrievePatterns(filters: ExecutionPatternFilterOptions = {}): Promise<ExecutionPattern[]> {
    return (await this.#open()).executionPatterns.list(filters)
  }

  /**
   * Sets how confident a pattern is. Answers false where there is none. Rejects with INVALID_ARGUMENT.
   * @param patternId as the pattern has it, or in decimal digits. @param weight in [0, 1].
   */
  async updatePatternWeights(patternId: number | string, weight: number): Promise<boolean> {
    return (await this.#open()).executionPatterns.setConfidence(patternId, weight)
  }

  /** Answers true when it is stored. Rejects with INVALID_ARGUMENT, and as a store does. */
  async storePerformanceMetrics(metrics: NewPerformanceMetrics): Promise<boolean> {
    await (await this.#open()).metrics.add(metrics)
    return true
  }

  /** All measurements of a component, newest first. Rejects with INVALID_ARGUMENT. */
  async getPerformanceHistory(component: string): Promise<PerformanceMetrics[]> {
    return (await this.#open()).metrics.list({ component, limit: Number.MAX_SAFE_INTEGER })
  }

  /** The preference has this weight afterwards. Rejects with INVALID_ARGUMENT. */
  async storeUserPreference(preference: NewPreference): Promise<boolean> {
    await (await this.#open()).preferences.set(preference)
    return true
  }

  /** The weightiest first. Rejects with INVALID_ARGUMENT. */
  async getUserPreferences(options: ListPreferencesOptions = {}): Promise<Preference[]> {
    return (await this.#open()).preferences.list(options)
  }

  /** Removes patterns that were not updated, and metrics that were not measured, for so long. Answers how many rows went. */
  async cleanupOldData(maxAgeSeconds: number = MAX_AGE_SECONDS): Promise<number> {
    return removeOld(await this.#open(), maxAgeSeconds)
  }

  /** The store with its patterns and metrics in numbers. */
  async getDatabaseStatus(): Promise<DatabaseStatus> {
    const store = await this.#open()
    const [status, patternCount, metricCount] = await Promise.all([
      ...([store.status(), store.executionPatterns.count(), store.metrics.count()] as const),
    ])
    const { storage, host, state, reason, schemaVersion, databaseBytes, cache, latencies } = status
    const asked = cache.hits + cache.misses
    return {
      ...{ storage, host, state, reason, schemaVersion, databaseBytes, latencies, patternCount, metricCount },
      healthy: state !== 'failing' && state !== 'lost',
      cache: { ...cache, hitRatio: asked === 0 ? 0 : cache.hits / asked },
    }
  }

  /** Persists everything, and closes the store if the database opened it. Later calls reject with CLOSED. */
  shutdown(): Promise<void> {
    return this.#inUse.close()
  }

  #open(): Promise<AsyncStore> {
    return this.#inUse.open()
  }
}

/** Removes patterns that were not updated, and metrics that were not measured, for so long. Answers how many rows went. */
export async function removeOld({ executionPatterns, metrics }: AsyncStore, maxAgeSeconds: number): Promise<number> {
  const maxAge = { maxAgeMs: maxAgeSeconds * 1000 }
  const removed = [executionPatterns.prune(maxAge), metrics.prune(maxAge)]
  return (await Promise.all(removed)).reduce((sum, count) => sum + count, 0)
}
