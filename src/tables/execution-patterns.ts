import type { Connection } from '../sql/connection.ts'
import { fromSeconds, toSeconds } from './sql-time.ts'

/** A row of `execution_patterns`; lists and objects as JSON. */
export interface ExecutionPatternRow {
  readonly id: number
  readonly taskType: string
  /** `direct`, `parallel`, `orchestrator` or another. */
  readonly patternUsed: string
  readonly executionTimeMs: number
  /** In [0, 1]. */
  readonly successRate: number
  /** In [0, 1]. */
  readonly confidenceScore: number
  readonly agentCount: number
  readonly complexityLevel: string
  readonly toolsUsed: string
  readonly contextFactors: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
  readonly usageCount: number
  /** For a row that aggregates runs: their number, decayed until `updatedAt`. Null for a row that records one execution. */
  readonly decayedCount: number | null
}

/** Search criteria; null or 0 matches all rows. */
export interface ExecutionPatternCriteria {
  readonly taskType: string | null
  readonly patternUsed: string | null
  readonly minConfidence: number
  readonly minSuccessRate: number
  /** ms since the epoch. */
  readonly updatedSinceMs: number
  readonly limit: number
  readonly offset: number
}

/** The columns by which runs are aggregated. */
export type RunKey = Pick<ExecutionPatternRow, 'taskType' | 'patternUsed' | 'complexityLevel'>

/** Aggregates over all execution patterns; 0 if there are none. */
export interface PatternsSummary {
  readonly patterns: number
  /** Number of patterns updated since a given time. */
  readonly updated: number
  /** Mean success rate, weighted by the number of uses, at least 1. */
  readonly successRate: number
  /** ISO 8601 in UTC; null if there are none. */
  readonly lastUpdated: string | null
}

type Columns = [
  number,
  string,
  string,
  number,
  number,
  number,
  number,
  string,
  string,
  string,
  number,
  number,
  number,
  number | null,
]

const INSERT = `INSERT INTO execution_patterns (task_type, pattern_used, execution_time, success_rate, confidence_score,
    agent_count, complexity_level, tools_used, context_factors, created_at, updated_at, usage_count, decayed_count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const UPDATE = `UPDATE execution_patterns SET task_type = ?, pattern_used = ?, execution_time = ?, success_rate = ?,
    confidence_score = ?, agent_count = ?, complexity_level = ?, tools_used = ?, context_factors = ?, created_at = ?,
    updated_at = ?, usage_count = ?, decayed_count = ?
  WHERE id = ?`

const SELECT = `SELECT id, task_type, pattern_used, execution_time, success_rate, confidence_score, agent_count,
    complexity_level, tools_used, context_factors, created_at, updated_at, usage_count, decayed_count
  FROM execution_patterns`

const BY_ID = `${SELECT} WHERE id = ?`

const BY_RUN = `${SELECT}
  WHERE task_type = ? AND pattern_used = ? AND complexity_level = ? AND decayed_count IS NOT NULL`

const FIND = `${SELECT}
  WHERE (?1 IS NULL OR task_type = ?1) AND (?2 IS NULL OR pattern_used = ?2)
    AND confidence_score >= ?3 AND success_rate >= ?4 AND updated_at >= ?5
  ORDER BY confidence_score DESC, success_rate DESC, id LIMIT ?6 OFFSET ?7`

const FIND_BY_TASK = `${SELECT}
  WHERE task_type = ?1 AND (?2 IS NULL OR pattern_used = ?2)
    AND confidence_score >= ?3 AND success_rate >= ?4 AND updated_at >= ?5
  ORDER BY confidence_score DESC, success_rate DESC, id LIMIT ?6 OFFSET ?7`

const SUMMARY = `SELECT count(*), coalesce(sum(updated_at >= ?), 0),
    coalesce(sum(success_rate * max(usage_count, 1)) / sum(max(usage_count, 1)), 0), max(updated_at)
  FROM execution_patterns`

/** Executions of tasks, with their success rates. */
export class ExecutionPatternsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Inserts a row. @returns its id. */
  append(row: Omit<ExecutionPatternRow, 'id'>): number {
    this.#connection.run(INSERT, valuesOf(row))
    return this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0] ?? 0
  }

  update(row: ExecutionPatternRow): void {
    this.#connection.run(UPDATE, [...valuesOf(row), row.id])
  }

  get(id: number): ExecutionPatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_ID, [id])
    return columns && toRow(columns)
  }

  /** Returns the row that aggregates runs of this key. */
  byRun({ taskType, patternUsed, complexityLevel }: RunKey): ExecutionPatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_RUN, [taskType, patternUsed, complexityLevel])
    return columns && toRow(columns)
  }

  /** Sorted by descending confidence, descending success rate, and age. */
  find(criteria: ExecutionPatternCriteria): ExecutionPatternRow[] {
    const { taskType, patternUsed, minConfidence, minSuccessRate, updatedSinceMs, limit, offset } = criteria
    const values = [taskType, patternUsed, minConfidence, minSuccessRate, updatedSinceMs / 1000, limit, offset]
    return this.#connection.all<Columns>(taskType === null ? FIND : FIND_BY_TASK, values).map(toRow)
  }

  /** @param sinceMs since the epoch. */
  summary(sinceMs: number): PatternsSummary {
    const [patterns = 0, updated = 0, successRate = 0, lastUpdated = null] =
      this.#connection.get<[number, number, number, number | null]>(SUMMARY, [sinceMs / 1000]) ?? []
    return { patterns, updated, successRate, lastUpdated: lastUpdated === null ? null : fromSeconds(lastUpdated) }
  }

  count(): number {
    return this.#connection.get<[number]>('SELECT count(*) FROM execution_patterns')?.[0] ?? 0
  }

  /** Deletes old rows. @param beforeMs since the epoch. @returns their number. */
  removeUpdatedBefore(beforeMs: number): number {
    return this.#connection.run('DELETE FROM execution_patterns WHERE updated_at < ?', [beforeMs / 1000])
  }
}

function valuesOf(row: Omit<ExecutionPatternRow, 'id'>): (string | number | null)[] {
  return [
    row.taskType,
    row.patternUsed,
    row.executionTimeMs / 1000,
    row.successRate,
    row.confidenceScore,
    row.agentCount,
    row.complexityLevel,
    row.toolsUsed,
    row.contextFactors,
    toSeconds(row.createdAt),
    toSeconds(row.updatedAt),
    row.usageCount,
    row.decayedCount,
  ]
}

function toRow(columns: Columns): ExecutionPatternRow {
  return {
    id: columns[0],
    taskType: columns[1],
    patternUsed: columns[2],
    executionTimeMs: inMilliseconds(columns[3]),
    successRate: columns[4],
    confidenceScore: columns[5],
    agentCount: columns[6],
    complexityLevel: columns[7],
    toolsUsed: columns[8],
    contextFactors: columns[9],
    createdAt: fromSeconds(columns[10]),
    updatedAt: fromSeconds(columns[11]),
    usageCount: columns[12],
    decayedCount: columns[13],
  }
}

/** Rounded to 15 digits, so that a time comes back as it was given, and a mean loses nothing that counts. */
function inMilliseconds(seconds: number): number {
  return Number((seconds * 1000).toPrecision(15))
}
