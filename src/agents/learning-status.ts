import type { AsyncStore } from '../client/async-store.ts'
import { mcpTime } from './mcp-agent-model.ts'

/** Metrics of learning, as MCP-Agent defines them. */
export interface LearningMetrics {
  /** Number of patterns. */
  readonly patternsLearned: number
  /** Success rate of all tracked runs, in [0, 1]; 0 before the first. */
  readonly learningAccuracy: number
  /** Fraction of the patterns that were updated within the last day, in [0, 1]; 0 before the first. */
  readonly adaptationSpeed: number
  /** Size of the database in MB. */
  readonly memoryUsageMb: number
  /** Median latency of writes; 0 before the first. */
  readonly learningOverheadMs: number
  /** Median latency of reads; 0 before the first. */
  readonly databasePerformanceMs: number
  readonly patternCacheHits: number
  readonly patternCacheMisses: number
  /** Seconds since the epoch; 0 before the first. */
  readonly lastUpdated: number
}

/** The phase of an engine. The engine itself is never in `analysis`, which is left to learning modules. */
export type LearningPhase = 'initialization' | 'pattern_collection' | 'analysis' | 'optimization' | 'application'

/** The status of an engine. */
export interface LearningStatus {
  readonly phase: LearningPhase
  /** The names of the learning modules, sorted. */
  readonly modules: readonly string[]
  /** Undefined if the store failed. */
  readonly metrics: LearningMetrics | undefined
  /** Number of failures of the store since the engine was created. */
  readonly failures: number
  /** The message of the last one. */
  readonly lastFailure: string | undefined
}

/** The maximum number of recommendations of the engine. */
const ENOUGH_PATTERNS = 10
const DAY_MS = 24 * 60 * 60 * 1000

export async function learningMetricsOf(store: AsyncStore): Promise<LearningMetrics> {
  const [status, summary] = await Promise.all([store.status(), store.executionPatterns.summary({ recentMs: DAY_MS })])
  const { cache, latencies, databaseBytes } = status
  return {
    patternsLearned: summary.patterns,
    learningAccuracy: summary.successRate,
    adaptationSpeed: summary.patterns === 0 ? 0 : summary.updated / summary.patterns,
    memoryUsageMb: databaseBytes / 1_000_000,
    learningOverheadMs: latencies.writes.p50Ms ?? 0,
    databasePerformanceMs: latencies.reads.p50Ms ?? 0,
    patternCacheHits: cache.hits,
    patternCacheMisses: cache.misses,
    lastUpdated: summary.lastUpdated === null ? 0 : mcpTime(summary.lastUpdated),
  }
}

export function phaseOf(
  isInitialized: boolean,
  isOptimizing: boolean,
  metrics: LearningMetrics | undefined,
): LearningPhase {
  if (!isInitialized) return 'initialization'
  if (isOptimizing) return 'optimization'
  return (metrics?.patternsLearned ?? 0) < ENOUGH_PATTERNS ? 'pattern_collection' : 'application'
}
