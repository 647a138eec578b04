import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A row of `test_pattern_usage`: the uses of a pattern in a project. Unmeasured values are null. */
export interface TestPatternUsage {
  readonly patternId: string
  readonly projectId: string
  readonly usageCount: number
  readonly successCount: number
  readonly failureCount: number
  /** Mean over the uses with a time, in ms. */
  readonly avgExecutionTimeMs: number | null
  /** Mean over the uses with a coverage gain, in [0, 1]. */
  readonly avgCoverageGain: number | null
  readonly flakyCount: number
  /** Mean over the uses with a rating, in [0, 1]. */
  readonly qualityScore: number | null
  /** ISO 8601 in UTC. */
  readonly firstUsed: string
  /** ISO 8601 in UTC. */
  readonly lastUsed: string
  /** Number of uses with a time. */
  readonly timedCount: number
  /** Number of uses with a coverage gain. */
  readonly measuredCount: number
  /** Number of uses with a rating. */
  readonly ratedCount: number
}

type Columns = [
  string,
  string,
  number,
  number,
  number,
  number | null,
  number | null,
  number,
  number | null,
  string,
  string,
  number,
  number,
  number,
]

const SELECT = `SELECT pattern_id, project_id, usage_count, success_count, failure_count, avg_execution_time,
    avg_coverage_gain, flaky_count, quality_score, first_used, last_used, timed_count, measured_count, rated_count
  FROM test_pattern_usage`

const GET = `${SELECT} WHERE pattern_id = ? AND project_id = ?`
const OF_PATTERN = `${SELECT} WHERE pattern_id = ? ORDER BY project_id`

const SET = `INSERT INTO test_pattern_usage (pattern_id, project_id, usage_count, success_count, failure_count,
    avg_execution_time, avg_coverage_gain, flaky_count, quality_score, first_used, last_used, timed_count,
    measured_count, rated_count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (pattern_id, project_id) DO UPDATE SET usage_count = excluded.usage_count,
    success_count = excluded.success_count, failure_count = excluded.failure_count,
    avg_execution_time = excluded.avg_execution_time, avg_coverage_gain = excluded.avg_coverage_gain,
    flaky_count = excluded.flaky_count, quality_score = excluded.quality_score, last_used = excluded.last_used,
    timed_count = excluded.timed_count, measured_count = excluded.measured_count, rated_count = excluded.rated_count`

/** Uses of test patterns by project. */
export class TestPatternUsageTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(patternId: string, projectId: string): TestPatternUsage | undefined {
    const columns = this.#connection.get<Columns>(GET, [patternId, projectId])
    return columns && toRow(columns)
  }

  /** Sorted by project. */
  ofPattern(patternId: string): TestPatternUsage[] {
    return this.#connection.all<Columns>(OF_PATTERN, [patternId]).map(toRow)
  }

  set(row: TestPatternUsage): void {
    this.#connection.run(SET, [
      row.patternId,
      row.projectId,
      row.usageCount,
      row.successCount,
      row.failureCount,
      row.avgExecutionTimeMs,
      row.avgCoverageGain,
      row.flakyCount,
      row.qualityScore,
      toSqlTime(row.firstUsed),
      toSqlTime(row.lastUsed),
      row.timedCount,
      row.measuredCount,
      row.ratedCount,
    ])
  }

  removeOf(patternId: string): void {
    this.#connection.run('DELETE FROM test_pattern_usage WHERE pattern_id = ?', [patternId])
  }
}

function toRow(columns: Columns): TestPatternUsage {
  return {
    patternId: columns[0],
    projectId: columns[1],
    usageCount: columns[2],
    successCount: columns[3],
    failureCount: columns[4],
    avgExecutionTimeMs: columns[5],
    avgCoverageGain: columns[6],
    flakyCount: columns[7],
    qualityScore: columns[8],
    firstUsed: fromSqlTime(columns[9]),
    lastUsed: fromSqlTime(columns[10]),
    timedCount: columns[11],
    measuredCount: columns[12],
    ratedCount: columns[13],
  }
}
