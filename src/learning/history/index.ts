import type { Core } from '../core/core.ts'
import type { ExecutionPattern } from '../execution-patterns/execution-pattern.ts'
import { ExecutionPatterns } from '../execution-patterns/execution-patterns.ts'
import { QueryCache } from '../execution-patterns/query-cache.ts'
import { LearningHistory } from './learning-history.ts'
import { LearningMetrics } from './learning-metrics.ts'
import { Metrics } from './metrics.ts'
import { Preferences } from './preferences.ts'

/**
 * The entry point of the lazy module `history`: execution patterns, learning history, learning metrics, preferences and
 * metrics, which share one chunk.
 */
export class History {
  readonly executionPatternCache: QueryCache<ExecutionPattern> = new QueryCache()
  readonly executionPatterns: ExecutionPatterns
  readonly learningHistory: LearningHistory
  readonly learningMetrics: LearningMetrics
  readonly preferences: Preferences
  readonly metrics: Metrics

  constructor(core: Core) {
    this.executionPatterns = new ExecutionPatterns(core, this.executionPatternCache)
    this.learningHistory = new LearningHistory(core)
    this.learningMetrics = new LearningMetrics(core)
    this.preferences = new Preferences(core)
    this.metrics = new Metrics(core)
  }
}
