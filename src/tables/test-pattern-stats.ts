import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** The trend of a pattern's success rate. */
export type PatternTrend = 'rising' | 'stable' | 'declining'

/** A row of `pattern_stats_cache`: statistics of a pattern over all projects. Unmeasured values are null. */
export interface PatternStatistics {
  readonly patternId: string
  readonly totalUses: number
  /** In [0, 1], like the next three. */
  readonly successRate: number | null
  readonly avgQuality: number | null
  readonly avgCoverageGain: number | null
  /** Exponentially weighted success rate with a half-life of five uses. */
  readonly recentSuccessRate: number | null
  readonly projectCount: number
  readonly trend: PatternTrend
  /** ISO 8601 in UTC. */
  readonly lastUpdated: string
}

type Columns = [
  string,
  number,
  number | null,
  number | null,
  number | null,
  number | null,
  number,
  PatternTrend,
  string,
]

const GET = `SELECT pattern_id, total_uses, success_rate, avg_quality, avg_coverage_gain, recent_success_rate,
    project_count, trend, last_updated
  FROM pattern_stats_cache WHERE pattern_id = ?`

const MISSING = `SELECT id FROM test_patterns WHERE id NOT IN (SELECT pattern_id FROM pattern_stats_cache) ORDER BY id`

const SET = `INSERT INTO pattern_stats_cache (pattern_id, total_uses, success_rate, avg_quality, avg_coverage_gain,
    recent_success_rate, project_count, trend, last_updated)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (pattern_id) DO UPDATE SET total_uses = excluded.total_uses, success_rate = excluded.success_rate,
    avg_quality = excluded.avg_quality, avg_coverage_gain = excluded.avg_coverage_gain,
    recent_success_rate = excluded.recent_success_rate, project_count = excluded.project_count,
    trend = excluded.trend, last_updated = excluded.last_updated`

/** Cached statistics of patterns. */
export class PatternStatsCacheTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(patternId: string): PatternStatistics | undefined {
    const columns = this.#connection.get<Columns>(GET, [patternId])
    if (!columns) return undefined
    const [id, totalUses, successRate, avgQuality, avgCoverageGain, recentSuccessRate, projectCount] = columns
    return {
      patternId: id,
      totalUses,
      successRate,
      avgQuality,
      avgCoverageGain,
      recentSuccessRate,
      projectCount,
      trend: columns[7],
      lastUpdated: fromSqlTime(columns[8]),
    }
  }

  /** The ids of patterns without a row, sorted. */
  missing(): string[] {
    return this.#connection.all<[string]>(MISSING).map(([id]) => id)
  }

  set(row: PatternStatistics): void {
    this.#connection.run(SET, [
      row.patternId,
      row.totalUses,
      row.successRate,
      row.avgQuality,
      row.avgCoverageGain,
      row.recentSuccessRate,
      row.projectCount,
      row.trend,
      toSqlTime(row.lastUpdated),
    ])
  }

  remove(patternId: string): void {
    this.#connection.run('DELETE FROM pattern_stats_cache WHERE pattern_id = ?', [patternId])
  }
}
