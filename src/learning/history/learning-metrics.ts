import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkFinite, checkName, checkOneOf, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type LearningMetricRow, LearningMetricsTable, type LearningMetricType } from '../../tables/learning-metrics.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'

/** A measurement of an agent's learning. */
export interface LearningMetric extends Omit<LearningMetricRow, 'context'> {
  /** The context of the measurement, or null. */
  readonly context: JsonValue
}

/** A measurement to add. Default of each optional field: null. */
export type NewLearningMetric = Pick<LearningMetric, 'agentId' | 'metricType' | 'metricValue'> &
  Partial<Pick<LearningMetric, 'baselineValue' | 'improvementPercentage' | 'patternCount' | 'context'>>

/** Options of `learningMetrics.list`; all given filters must match. */
export interface ListLearningMetricsOptions {
  /** Only measurements of this agent. */
  readonly agentId?: string
  /** Only measurements of this type. */
  readonly metricType?: LearningMetricType
  /** Maximum number of measurements. Default: 100. */
  readonly limit?: number
  /** Number of measurements to skip. Default: 0. */
  readonly offset?: number
}

const TYPES = ['accuracy', 'latency', 'quality', 'success_rate', 'improvement'] as const

const FIELDS = [
  'agentId',
  'metricType',
  'metricValue',
  'baselineValue',
  'improvementPercentage',
  'patternCount',
  'context',
] as const

/** Measurements of the agents' learning. */
export class LearningMetrics {
  readonly #core: Core
  readonly #table: LearningMetricsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new LearningMetricsTable(core.connection)
  }

  /**
   * Adds a measurement.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   */
  add(metric: NewLearningMetric): number {
    const given = checkOptions(metric, 'a metric', FIELDS)
    const { baselineValue = null, improvementPercentage = null, patternCount = null, context = null } = given
    keyOf(context, 'context')
    const row = {
      agentId: checkName(given.agentId, 'agentId'),
      metricType: checkOneOf(given.metricType, 'metricType', TYPES),
      metricValue: checkFinite(given.metricValue, 'metricValue'),
      baselineValue: baselineValue === null ? null : checkFinite(baselineValue, 'baselineValue'),
      improvementPercentage:
        improvementPercentage === null ? null : checkFinite(improvementPercentage, 'improvementPercentage'),
      patternCount: patternCount === null ? null : checkCount(patternCount, 'patternCount', 0),
      context: context === null ? null : toJson(context),
      timestamp: isoTime(this.#core.now()),
    }
    return this.#core.transaction(() => this.#table.append(row))
  }

  /**
   * Lists measurements.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   */
  list(options: ListLearningMetricsOptions = {}): LearningMetric[] {
    const fields = ['agentId', 'metricType', 'limit', 'offset'] as const
    const { agentId, metricType, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    const rows = this.#table.list(
      agentId === undefined ? null : checkName(agentId, 'agentId'),
      metricType === undefined ? null : checkOneOf(metricType, 'metricType', TYPES),
      checkCount(limit, 'limit', 0),
      checkCount(offset, 'offset', 0),
    )
    return rows.map(({ context, ...row }) => ({
      ...row,
      context: context === null ? null : (JSON.parse(context) as JsonValue),
    }))
  }
}
