import type { Connection } from '../sql/connection.ts'

/** Whether a pattern succeeds more often lately, or less. */
export type PatternTrend = 'rising' | 'stable' | 'declining'

/** A row of `pattern_stats_cache`: how a pattern did over all projects. What was never told is null. */
export interface PatternStatistics {
  readonly patternId: string
  readonly totalUses: number
  /** In [0, 1], and so are the next three. */
  readonly successRate: number | null
  readonly avgQuality: number | null
  readonly avgCoverageGain: number | null
  /** In which a use counts half of the one five uses later. */
  readonly recentSuccessRate: number | null
  readonly projectCount: number
  readonly trend: PatternTrend
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
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

/** What the uses of each pattern come to. */
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
      ...{ patternId: id, totalUses, successRate, avgQuality, avgCoverageGain, recentSuccessRate, projectCount },
      ...{ trend: columns[7], lastUpdated: columns[8] },
    }
  }

  /** The ids of patterns that have no row, sorted. */
  missing(): string[] {
    return this.#connection.all<[string]>(MISSING).map(([id]) => id)
  }

  set(row: PatternStatistics): void {
    this.#connection.run(SET, [
      ...[row.patternId, row.totalUses, row.successRate, row.avgQuality, row.avgCoverageGain, row.recentSuccessRate],
      ...[row.projectCount, row.trend, row.lastUpdated],
    ])
  }

  remove(patternId: string): void {
    this.#connection.run('DELETE FROM pattern_stats_cache WHERE pattern_id = ?', [patternId])
  }
}
