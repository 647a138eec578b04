import type { AsyncStore } from '../client/async-store.ts'

/** How learning goes: the model of MCP-Agent. */
export interface LearningMetrics {
  readonly patternsLearned: number
  /** The share of tracked runs that succeeded, each pattern by how often it was used; 0 before the first. */
  readonly learningAccuracy: number
  /** The share of patterns that the last day added something to; 0 before the first. */
  readonly adaptationSpeed: number
  /** The whole database. */
  readonly memoryUsageMb: number
  /** The median of operations that write, and of operations that read; 0 before the first. */
  readonly learningOverheadMs: number
  readonly databasePerformanceMs: number
  readonly patternCacheHits: number
  readonly patternCacheMisses: number
  /** Seconds since the epoch; 0 before the first. */
  readonly lastUpdated: number
}

/** `analysis` is left to learning modules. */
export type LearningPhase = 'initialization' | 'pattern_collection' | 'analysis' | 'optimization' | 'application'

/** How an engine is, and what it has learned in numbers. */
export interface LearningStatus {
  readonly phase: LearningPhase
  /** By name, sorted. */
  readonly modules: readonly string[]
  /** Undefined where the store could not be asked. */
  readonly metrics: LearningMetrics | undefined
  /** How often the store failed since the engine was made. */
  readonly failures: number
  readonly lastFailure: string | undefined
}

/** As many patterns as the engine recommends at most. */
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
    lastUpdated: summary.lastUpdated,
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
