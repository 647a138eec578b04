import type { Connection } from '../sql/connection.ts'

/** A row of `execution_patterns`; lists and objects as JSON. */
export interface ExecutionPatternRow {
  readonly id: number
  readonly taskType: string
  /** `direct`, `parallel`, `orchestrator` or another. */
  readonly patternUsed: string
  /** In seconds. */
  readonly executionTime: number
  /** In [0, 1]. */
  readonly successRate: number
  /** In [0, 1]. */
  readonly confidenceScore: number
  readonly agentCount: number
  readonly complexityLevel: string
  readonly toolsUsed: string
  readonly contextFactors: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** Seconds since the epoch. */
  readonly updatedAt: number
  readonly usageCount: number
  /** How many runs a row weighs that sums up runs, as decayed until `updatedAt`; null where it is a record of its own. */
  readonly decayedCount: number | null
}

/** Null or 0 leaves a criterion out. */
export interface ExecutionPatternCriteria {
  readonly taskType: string | null
  readonly patternUsed: string | null
  readonly minConfidence: number
  readonly minSuccessRate: number
  /** Seconds since the epoch. */
  readonly updatedSince: number
  readonly limit: number
  readonly offset: number
}

/** What runs are summed up by. */
export type RunKey = Pick<ExecutionPatternRow, 'taskType' | 'patternUsed' | 'complexityLevel'>

/** All patterns in numbers; 0 where there are none. */
export interface PatternsSummary {
  readonly patterns: number
  /** How many of them were updated since the given moment. */
  readonly updated: number
  /** The mean, each pattern by how often it was used, and a record that was stored by one use. */
  readonly successRate: number
  /** Seconds since the epoch. */
  readonly lastUpdated: number
}

type Columns = [
  ...[number, string, string, number, number, number, number, string, string, string, number, number, number],
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
    coalesce(sum(success_rate * max(usage_count, 1)) / sum(max(usage_count, 1)), 0), coalesce(max(updated_at), 0)
  FROM execution_patterns`

/** How tasks were carried out, and how well. */
export class ExecutionPatternsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Answers the id of the new row. */
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

  /** The row that sums up these runs. */
  byRun({ taskType, patternUsed, complexityLevel }: RunKey): ExecutionPatternRow | undefined {
    const columns = this.#connection.get<Columns>(BY_RUN, [taskType, patternUsed, complexityLevel])
    return columns && toRow(columns)
  }

  /** The most confident first, then the most successful, then the oldest. */
  find(criteria: ExecutionPatternCriteria): ExecutionPatternRow[] {
    const { taskType, patternUsed, minConfidence, minSuccessRate, updatedSince, limit, offset } = criteria
    const values = [taskType, patternUsed, minConfidence, minSuccessRate, updatedSince, limit, offset]
    return this.#connection.all<Columns>(taskType === null ? FIND : FIND_BY_TASK, values).map(toRow)
  }

  /** @param since seconds since the epoch. */
  summary(since: number): PatternsSummary {
    const [patterns = 0, updated = 0, successRate = 0, lastUpdated = 0] =
      this.#connection.get<[number, number, number, number]>(SUMMARY, [since]) ?? []
    return { patterns, updated, successRate, lastUpdated }
  }

  count(): number {
    return this.#connection.get<[number]>('SELECT count(*) FROM execution_patterns')?.[0] ?? 0
  }

  /** Answers how many there were. @param before seconds since the epoch. */
  removeUpdatedBefore(before: number): number {
    return this.#connection.run('DELETE FROM execution_patterns WHERE updated_at < ?', [before])
  }
}

function valuesOf(row: Omit<ExecutionPatternRow, 'id'>): (string | number | null)[] {
  return [
    ...[row.taskType, row.patternUsed, row.executionTime, row.successRate, row.confidenceScore, row.agentCount],
    ...[row.complexityLevel, row.toolsUsed, row.contextFactors, row.createdAt, row.updatedAt, row.usageCount],
    row.decayedCount,
  ]
}

function toRow(columns: Columns): ExecutionPatternRow {
  return {
    id: columns[0],
    taskType: columns[1],
    patternUsed: columns[2],
    executionTime: columns[3],
    successRate: columns[4],
    confidenceScore: columns[5],
    agentCount: columns[6],
    complexityLevel: columns[7],
    toolsUsed: columns[8],
    contextFactors: columns[9],
    createdAt: columns[10],
    updatedAt: columns[11],
    usageCount: columns[12],
    decayedCount: columns[13],
  }
}
