import { checkList } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import type { ExecutionPatternFilterOptions } from '../learning/execution-patterns/execution-patterns.ts'
import type { NewPerformanceMetrics } from '../learning/history/metrics.ts'
import type { ListPreferencesOptions, NewPreference } from '../learning/history/preferences.ts'
import type { Latencies } from '../learning/latencies.ts'
import type { StoreStatus } from '../protocol/status.ts'
import {
  inMilliseconds,
  type McpExecutionPattern,
  type McpPerformanceMetrics,
  type McpPreference,
  mcpExecutionPattern,
  mcpPerformanceMetrics,
  mcpPreference,
  type NewMcpExecutionPattern,
} from './mcp-agent-model.ts'
import type { AgentPlatform } from './platform.ts'
import { StoreInUse, type StoreOptions } from './shared-store-handle.ts'

/** The status of a learning database. */
export interface DatabaseStatus extends Pick<StoreStatus, 'storage' | 'host' | 'state' | 'reason' | 'schemaVersion'> {
  /** False if writes can no longer be persisted. */
  readonly healthy: boolean
  readonly patternCount: number
  readonly metricCount: number
  readonly databaseBytes: number
  readonly cache: { readonly hits: number; readonly misses: number; readonly hitRatio: number }
  readonly latencies: Latencies
}

/** The default of MCP-Agent: one day. */
const MAX_AGE_SECONDS = 86_400

/** The learning database of MCP-Agent: execution patterns, preferences and performance metrics. */
export class LearningDatabase {
  readonly #inUse: StoreInUse

  /** @throws INVALID_ARGUMENT */
  constructor(options: StoreOptions, platform: AgentPlatform) {
    this.#inUse = new StoreInUse(options, platform, 'a learning database')
  }

  /** Opens the store; other methods do so when needed. Throws what opening a store throws. @returns true */
  async initialize(): Promise<boolean> {
    await this.#inUse.open()
    return true
  }

  /** Stores a pattern. @returns true @throws INVALID_ARGUMENT */
  async storeExecutionPattern(pattern: NewMcpExecutionPattern): Promise<boolean> {
    await (await this.#open()).executionPatterns.add(inMilliseconds(pattern))
    return true
  }

  /** Stores patterns in one transaction: all or, if one is invalid, none. @returns true @throws INVALID_ARGUMENT */
  async storeExecutionPatterns(patterns: readonly NewMcpExecutionPattern[]): Promise<boolean> {
    await (await this.#open()).executionPatterns.addMany(
      checkList(patterns, 'patterns').map((one) => inMilliseconds(one as NewMcpExecutionPattern)),
    )
    return true
  }

  /** The matching patterns, sorted by confidence, then success rate (highest first), then age (oldest first). @throws INVALID_ARGUMENT */
  async retrievePatterns(filters: ExecutionPatternFilterOptions = {}): Promise<McpExecutionPattern[]> {
    return (await (await this.#open()).executionPatterns.list(filters)).map(mcpExecutionPattern)
  }

  /**
   * Sets the confidence of a pattern.
   * @param patternId the id, as a number or in decimal digits
   * @param weight the confidence, in [0, 1]
   * @returns false if there is no such pattern
   * @throws INVALID_ARGUMENT
   */
  async updatePatternWeights(patternId: number | string, weight: number): Promise<boolean> {
    return (await this.#open()).executionPatterns.setConfidence(patternId, weight)
  }

  /** Stores measurements. @returns true @throws INVALID_ARGUMENT */
  async storePerformanceMetrics(metrics: NewPerformanceMetrics): Promise<boolean> {
    await (await this.#open()).metrics.add(metrics)
    return true
  }

  /** All measurements of a component, newest first. @throws INVALID_ARGUMENT */
  async getPerformanceHistory(component: string): Promise<McpPerformanceMetrics[]> {
    const metrics = await (await this.#open()).metrics.list({ component, limit: Number.MAX_SAFE_INTEGER })
    return metrics.map(mcpPerformanceMetrics)
  }

  /** Sets the weight of a preference. @returns true @throws INVALID_ARGUMENT */
  async storeUserPreference(preference: NewPreference): Promise<boolean> {
    await (await this.#open()).preferences.set(preference)
    return true
  }

  /** Preferences, highest weight first. @throws INVALID_ARGUMENT */
  async getUserPreferences(options: ListPreferencesOptions = {}): Promise<McpPreference[]> {
    return (await (await this.#open()).preferences.list(options)).map(mcpPreference)
  }

  /** Deletes patterns and metrics that are older than this. @returns the number of deleted rows @throws INVALID_ARGUMENT */
  async cleanupOldData(maxAgeSeconds: number = MAX_AGE_SECONDS): Promise<number> {
    return pruneOld(await this.#open(), maxAgeSeconds)
  }

  /** The status of the store, with the numbers of its patterns and metrics. */
  async getDatabaseStatus(): Promise<DatabaseStatus> {
    const store = await this.#open()
    const [status, patternCount, metricCount] = await Promise.all([
      store.status(),
      store.executionPatterns.count(),
      store.metrics.count(),
    ])
    const { storage, host, state, reason, schemaVersion, databaseBytes, cache, latencies } = status
    const lookups = cache.hits + cache.misses
    return {
      storage,
      host,
      state,
      reason,
      schemaVersion,
      databaseBytes,
      latencies,
      patternCount,
      metricCount,
      healthy: state !== 'failing' && state !== 'lost',
      cache: { ...cache, hitRatio: lookups === 0 ? 0 : cache.hits / lookups },
    }
  }

  /** Persists everything, and closes the store if the database opened it. Later calls throw CLOSED. */
  shutdown(): Promise<void> {
    return this.#inUse.close()
  }

  #open(): Promise<AsyncStore> {
    return this.#inUse.open()
  }
}

/** Deletes patterns and metrics that are older than this. @returns the number of deleted rows */
export async function pruneOld({ executionPatterns, metrics }: AsyncStore, maxAgeSeconds: number): Promise<number> {
  const maxAge = { maxAgeMs: maxAgeSeconds * 1000 }
  const counts = [executionPatterns.prune(maxAge), metrics.prune(maxAge)]
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
