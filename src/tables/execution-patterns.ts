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

type Columns = [number, string, string, number, number, number, number, string, string, string, number, number, number]

const APPEND = `INSERT INTO execution_patterns (task_type, pattern_used, execution_time, success_rate, confidence_score,
    agent_count, complexity_level, tools_used, context_factors, created_at, updated_at, usage_count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const SELECT = `SELECT id, task_type, pattern_used, execution_time, success_rate, confidence_score, agent_count,
    complexity_level, tools_used, context_factors, created_at, updated_at, usage_count
  FROM execution_patterns`

const FIND = `${SELECT}
  WHERE (?1 IS NULL OR task_type = ?1) AND (?2 IS NULL OR pattern_used = ?2)
    AND confidence_score >= ?3 AND success_rate >= ?4 AND updated_at >= ?5
  ORDER BY confidence_score DESC, success_rate DESC, id LIMIT ?6 OFFSET ?7`

const FIND_BY_TASK = `${SELECT}
  WHERE task_type = ?1 AND (?2 IS NULL OR pattern_used = ?2)
    AND confidence_score >= ?3 AND success_rate >= ?4 AND updated_at >= ?5
  ORDER BY confidence_score DESC, success_rate DESC, id LIMIT ?6 OFFSET ?7`

/** How tasks were carried out, and how well. */
export class ExecutionPatternsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Answers the id of the new row. */
  append(row: Omit<ExecutionPatternRow, 'id'>): number {
    this.#connection.run(APPEND, [
      ...[row.taskType, row.patternUsed, row.executionTime, row.successRate, row.confidenceScore, row.agentCount],
      ...[row.complexityLevel, row.toolsUsed, row.contextFactors, row.createdAt, row.updatedAt, row.usageCount],
    ])
    return this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0] ?? 0
  }

  /** The most confident first, then the most successful, then the oldest. */
  find(criteria: ExecutionPatternCriteria): ExecutionPatternRow[] {
    const { taskType, patternUsed, minConfidence, minSuccessRate, updatedSince, limit, offset } = criteria
    const values = [taskType, patternUsed, minConfidence, minSuccessRate, updatedSince, limit, offset]
    return this.#connection.all<Columns>(taskType === null ? FIND : FIND_BY_TASK, values).map(toRow)
  }
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
  }
}
