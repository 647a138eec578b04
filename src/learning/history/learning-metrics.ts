import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkFinite, checkName, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type LearningMetricRow, LearningMetricsTable, type LearningMetricType } from '../../tables/learning-metrics.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'

/** A measurement of how an agent learns, as it is kept. */
export interface LearningMetric extends Omit<LearningMetricRow, 'context'> {
  readonly context: JsonValue
}

/** A metric to append; what is left out is null. */
export type NewLearningMetric = Pick<LearningMetric, 'agentId' | 'metricType' | 'metricValue'> &
  Partial<Pick<LearningMetric, 'baselineValue' | 'improvementPercentage' | 'patternCount' | 'context'>>

/** Which measurements to answer. */
export interface ListLearningMetricsOptions {
  readonly agentId?: string
  readonly metricType?: LearningMetricType
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

const TYPES = ['accuracy', 'latency', 'quality', 'success_rate', 'improvement'] as const

const FIELDS = [
  ...(['agentId', 'metricType', 'metricValue', 'baselineValue', 'improvementPercentage', 'patternCount'] as const),
  'context' as const,
]

/** How well agents learn, measured. */
export class LearningMetrics {
  readonly #core: Core
  readonly #table: LearningMetricsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new LearningMetricsTable(core.connection)
  }

  /** Answers the id of the metric. @throws INVALID_ARGUMENT */
  add(metric: NewLearningMetric): number {
    const given = checkOptions(metric, 'a metric', FIELDS)
    const { baselineValue = null, improvementPercentage = null, patternCount = null, context = null } = given
    keyOf(context, 'context')
    const row = {
      agentId: checkName(given.agentId, 'agentId'),
      metricType: checkType(given.metricType),
      metricValue: checkFinite(given.metricValue, 'metricValue'),
      baselineValue: baselineValue === null ? null : checkFinite(baselineValue, 'baselineValue'),
      improvementPercentage:
        improvementPercentage === null ? null : checkFinite(improvementPercentage, 'improvementPercentage'),
      patternCount: patternCount === null ? null : checkCount(patternCount, 'patternCount', 0),
      context: context === null ? null : JSON.stringify(canonical(context)),
      timestamp: sqlTime(this.#core.now()),
    }
    return this.#core.transaction(() => this.#table.append(row))
  }

  /** Newest first. @throws INVALID_ARGUMENT */
  list(options: ListLearningMetricsOptions = {}): LearningMetric[] {
    const fields = ['agentId', 'metricType', 'limit', 'offset'] as const
    const { agentId, metricType, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    const whose = agentId === undefined ? null : checkName(agentId, 'agentId')
    const which = metricType === undefined ? null : checkType(metricType)
    const rows = this.#table.list(whose, which, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
    return rows.map(({ context, ...row }) => ({
      ...row,
      context: context === null ? null : (JSON.parse(context) as JsonValue),
    }))
  }
}

function checkType(value: LearningMetricType): LearningMetricType {
  if (!TYPES.includes(value)) throw invalid('metricType', `one of ${TYPES.join(', ')}`, value)
  return value
}
