import type { Connection } from '../sql/connection.ts'
import { fromSeconds, toSeconds } from './sql-time.ts'

/** A row of `performance_metrics`. */
export interface MetricRow {
  readonly id: number
  readonly componentName: string
  readonly metricName: string
  readonly metricValue: number
  readonly baselineValue: number | null
  readonly improvementPercentage: number | null
  /** ISO 8601 in UTC. */
  readonly measuredAt: string
  readonly sampleCount: number
  /** Confidence level, in (0, 1). */
  readonly confidenceInterval: number
  /** Canonical JSON. */
  readonly metadata: string
  /** Which direction is an improvement; null if unknown. */
  readonly better: 'higher' | 'lower' | null
}

type Columns = [
  number,
  string,
  string,
  number,
  number | null,
  number | null,
  number,
  number,
  number,
  string,
  MetricRow['better'],
]

const INSERT = `INSERT INTO performance_metrics (component_name, metric_name, metric_value, baseline_value,
    improvement_percentage, measured_at, sample_count, confidence_interval, metadata, better)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const SELECT = `SELECT id, component_name, metric_name, metric_value, baseline_value, improvement_percentage,
    measured_at, sample_count, confidence_interval, metadata, better
  FROM performance_metrics`

const OF_COMPONENT = `${SELECT} WHERE component_name = ?1 AND (?2 IS NULL OR metric_name = ?2)
  ORDER BY measured_at DESC, id DESC LIMIT ?3 OFFSET ?4`

/** Performance of components, relative to a baseline. */
export class MetricsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Inserts a row. @returns its id. */
  append(row: Omit<MetricRow, 'id'>): number {
    this.#connection.run(INSERT, [
      row.componentName,
      row.metricName,
      row.metricValue,
      row.baselineValue,
      row.improvementPercentage,
      toSeconds(row.measuredAt),
      row.sampleCount,
      row.confidenceInterval,
      row.metadata,
      row.better,
    ])
    return this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0] ?? 0
  }

  /** Newest first. Null matches all metrics. */
  ofComponent(componentName: string, metricName: string | null, limit: number, offset: number): MetricRow[] {
    return this.#connection.all<Columns>(OF_COMPONENT, [componentName, metricName, limit, offset]).map(toRow)
  }

  count(): number {
    return this.#connection.get<[number]>('SELECT count(*) FROM performance_metrics')?.[0] ?? 0
  }

  /** Deletes old rows. @param beforeMs since the epoch. @returns their number. */
  removeMeasuredBefore(beforeMs: number): number {
    return this.#connection.run('DELETE FROM performance_metrics WHERE measured_at < ?', [beforeMs / 1000])
  }
}

function toRow(columns: Columns): MetricRow {
  return {
    id: columns[0],
    componentName: columns[1],
    metricName: columns[2],
    metricValue: columns[3],
    baselineValue: columns[4],
    improvementPercentage: columns[5],
    measuredAt: fromSeconds(columns[6]),
    sampleCount: columns[7],
    confidenceInterval: columns[8],
    metadata: columns[9],
    better: columns[10],
  }
}
