import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A metric of an agent. */
export type LearningMetricType = 'accuracy' | 'latency' | 'quality' | 'success_rate' | 'improvement'

/** A row of `learning_metrics`. */
export interface LearningMetricRow {
  readonly id: number
  readonly agentId: string
  readonly metricType: LearningMetricType
  readonly metricValue: number
  readonly baselineValue: number | null
  readonly improvementPercentage: number | null
  readonly patternCount: number | null
  /** JSON. */
  readonly context: string | null
  /** ISO 8601 in UTC. */
  readonly timestamp: string
}

type Columns = [
  number,
  string,
  LearningMetricType,
  number,
  number | null,
  number | null,
  number | null,
  string | null,
  string,
]

const APPEND = `INSERT INTO learning_metrics
    (agent_id, metric_type, metric_value, baseline_value, improvement_percentage, pattern_count, context, timestamp)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

const SELECT = `SELECT id, agent_id, metric_type, metric_value, baseline_value, improvement_percentage, pattern_count,
    context, timestamp FROM learning_metrics`

const ALL = `${SELECT} WHERE (?1 IS NULL OR metric_type = ?1) ORDER BY id DESC LIMIT ?2 OFFSET ?3`

const OF_AGENT = `${SELECT} WHERE agent_id = ?4 AND (?1 IS NULL OR metric_type = ?1) ORDER BY id DESC LIMIT ?2 OFFSET ?3`

const LAST_CONTEXT = `SELECT context FROM learning_metrics
  WHERE agent_id = ? AND metric_type = ? AND context LIKE ? ORDER BY id DESC LIMIT 1`

/** Measurements of the learning of agents. */
export class LearningMetricsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Inserts a row. @returns its id. */
  append(row: Omit<LearningMetricRow, 'id'>): number {
    this.#connection.run(APPEND, [
      row.agentId,
      row.metricType,
      row.metricValue,
      row.baselineValue,
      row.improvementPercentage,
      row.patternCount,
      row.context,
      toSqlTime(row.timestamp),
    ])
    return this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0] ?? 0
  }

  /** Newest first. Null matches all. */
  list(
    agentId: string | null,
    metricType: LearningMetricType | null,
    limit: number,
    offset: number,
  ): LearningMetricRow[] {
    const values = [metricType, limit, offset]
    const rows =
      agentId === null
        ? this.#connection.all<Columns>(ALL, values)
        : this.#connection.all<Columns>(OF_AGENT, [...values, agentId])
    return rows.map(toRow)
  }

  /** Returns the newest matching context. @param like a pattern for SQL's LIKE. */
  lastContext(agentId: string, metricType: LearningMetricType, like: string): string | undefined {
    return this.#connection.get<[string]>(LAST_CONTEXT, [agentId, metricType, like])?.[0]
  }
}

function toRow(columns: Columns): LearningMetricRow {
  return {
    id: columns[0],
    agentId: columns[1],
    metricType: columns[2],
    metricValue: columns[3],
    baselineValue: columns[4],
    improvementPercentage: columns[5],
    patternCount: columns[6],
    context: columns[7],
    timestamp: fromSqlTime(columns[8]),
  }
}
