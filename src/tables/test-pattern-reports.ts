import type { Connection } from '../sql/connection.ts'
import { fromSqlTime } from './sql-time.ts'
import type { PatternTrend } from './test-pattern-stats.ts'

/** A row of the view `pattern_analytics`; unmeasured values are null. */
export interface PatternAnalytics {
  readonly patternId: string
  readonly patternName: string | null
  readonly patternType: string
  readonly framework: string
  readonly language: string
  readonly projectCount: number
  readonly totalUses: number
  readonly successCount: number
  readonly failureCount: number
  readonly flakyCount: number
  /** In [0, 1]. */
  readonly successRate: number | null
  /** In ms. */
  readonly avgExecutionTimeMs: number | null
  /** In [0, 1]. */
  readonly avgCoverageGain: number | null
  /** In [0, 1]. */
  readonly avgQuality: number | null
  /** ISO 8601 in UTC. */
  readonly firstUsed: string | null
  /** ISO 8601 in UTC. */
  readonly lastUsed: string | null
}

/** A row of the view `framework_stats`; unmeasured values are null. */
export interface FrameworkStatistics {
  readonly framework: string
  readonly patternCount: number
  readonly patternTypeCount: number
  readonly projectCount: number
  readonly totalUses: number
  /** In [0, 1], like the next two. */
  readonly successRate: number | null
  readonly avgCoverageGain: number | null
  readonly avgQuality: number | null
}

/** A row of the view `pattern_quality_report`: measured and stated quality; all rates in [0, 1]. */
export interface PatternQuality {
  readonly patternId: string
  readonly patternName: string | null
  readonly patternType: string
  readonly framework: string
  readonly totalUses: number
  readonly successRate: number | null
  readonly flakyRate: number | null
  readonly avgQuality: number | null
  readonly avgCoverageGain: number | null
  readonly statedCoverage: number | null
  readonly statedMaintainability: number | null
  readonly statedReliability: number | null
  /** Null before the first use of a pattern that another program stored. */
  readonly trend: PatternTrend | null
}

/** Aggregates over the pattern bank. */
export interface BankNumbers {
  readonly patterns: number
  readonly usedPatterns: number
  readonly projects: number
  readonly totalUses: number
  /** In [0, 1]; null before the first use. */
  readonly successRate: number | null
  readonly mappings: number
  readonly similarPairs: number
  readonly embeddings: number
}

type Rate = number | null
type AnalyticsColumns = [
  string,
  string | null,
  string,
  string,
  string,
  number,
  number,
  number,
  number,
  number,
  Rate,
  Rate,
  Rate,
  Rate,
  string | null,
  string | null,
]
type FrameworkColumns = [string, number, number, number, number, Rate, Rate, Rate]
type QualityColumns = [
  string,
  string | null,
  string,
  string,
  number,
  Rate,
  Rate,
  Rate,
  Rate,
  Rate,
  Rate,
  Rate,
  PatternTrend | null,
]

const ANALYTICS = `SELECT pattern_id, pattern_name, pattern_type, framework, language, project_count, total_uses,
    success_count, failure_count, flaky_count, success_rate, avg_execution_time, avg_coverage_gain, avg_quality,
    first_used, last_used
  FROM pattern_analytics
  WHERE (?1 IS NULL OR framework = ?1) AND (?2 IS NULL OR pattern_type = ?2)
  ORDER BY total_uses DESC, success_rate DESC, pattern_id LIMIT ?3 OFFSET ?4`

const FRAMEWORKS = `SELECT framework, pattern_count, pattern_type_count, project_count, total_uses, success_rate,
    avg_coverage_gain, avg_quality
  FROM framework_stats ORDER BY framework`

const QUALITY = `SELECT pattern_id, pattern_name, pattern_type, framework, total_uses, success_rate, flaky_rate,
    avg_quality, avg_coverage_gain, stated_coverage, stated_maintainability, stated_reliability, trend
  FROM pattern_quality_report
  WHERE (?1 IS NULL OR framework = ?1) AND (?2 IS NULL OR pattern_type = ?2)
  ORDER BY avg_quality DESC, success_rate DESC, pattern_id LIMIT ?3 OFFSET ?4`

const NUMBERS = `SELECT (SELECT count(*) FROM test_patterns),
    (SELECT count(DISTINCT pattern_id) FROM test_pattern_usage),
    (SELECT count(DISTINCT project_id) FROM test_pattern_usage),
    (SELECT coalesce(sum(usage_count), 0) FROM test_pattern_usage),
    (SELECT 1.0 * sum(success_count) / sum(usage_count) FROM test_pattern_usage),
    (SELECT count(*) FROM cross_project_mappings),
    (SELECT count(*) FROM pattern_similarity_index),
    (SELECT count(*) FROM pattern_embeddings)`

/** Reports of the views over the pattern bank. */
export class TestPatternReports {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Most used first. */
  analytics(framework: string | null, patternType: string | null, limit: number, offset: number): PatternAnalytics[] {
    const values = [framework, patternType, limit, offset]
    return this.#connection.all<AnalyticsColumns>(ANALYTICS, values).map((columns) => ({
      patternId: columns[0],
      patternName: columns[1],
      patternType: columns[2],
      framework: columns[3],
      language: columns[4],
      projectCount: columns[5],
      totalUses: columns[6],
      successCount: columns[7],
      failureCount: columns[8],
      flakyCount: columns[9],
      successRate: columns[10],
      avgExecutionTimeMs: columns[11],
      avgCoverageGain: columns[12],
      avgQuality: columns[13],
      firstUsed: columns[14] === null ? null : fromSqlTime(columns[14]),
      lastUsed: columns[15] === null ? null : fromSqlTime(columns[15]),
    }))
  }

  /** Sorted by framework. */
  frameworks(): FrameworkStatistics[] {
    return this.#connection.all<FrameworkColumns>(FRAMEWORKS).map((columns) => ({
      framework: columns[0],
      patternCount: columns[1],
      patternTypeCount: columns[2],
      projectCount: columns[3],
      totalUses: columns[4],
      successRate: columns[5],
      avgCoverageGain: columns[6],
      avgQuality: columns[7],
    }))
  }

  /** Best quality first, unrated patterns last. */
  quality(framework: string | null, patternType: string | null, limit: number, offset: number): PatternQuality[] {
    const values = [framework, patternType, limit, offset]
    return this.#connection.all<QualityColumns>(QUALITY, values).map((columns) => ({
      patternId: columns[0],
      patternName: columns[1],
      patternType: columns[2],
      framework: columns[3],
      totalUses: columns[4],
      successRate: columns[5],
      flakyRate: columns[6],
      avgQuality: columns[7],
      avgCoverageGain: columns[8],
      statedCoverage: columns[9],
      statedMaintainability: columns[10],
      statedReliability: columns[11],
      trend: columns[12],
    }))
  }

  numbers(): BankNumbers {
    const columns = this.#connection.get<[...number[]]>(NUMBERS) ?? []
    const [patterns = 0, usedPatterns = 0, projects = 0, totalUses = 0, successRate = null] = columns
    const [mappings = 0, similarPairs = 0, embeddings = 0] = columns.slice(5)
    return { patterns, usedPatterns, projects, totalUses, successRate, mappings, similarPairs, embeddings }
  }
}
