import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkFinite, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type MetricRow, MetricsTable } from '../../tables/metrics.ts'
import type { Core } from '../core/core.ts'

/** A measurement of one component: the PerformanceMetrics of MCP-Agent. */
export interface PerformanceMetrics extends Omit<MetricRow, 'metadata'> {
  readonly metadata: { readonly [name: string]: JsonValue }
}

/** A measurement to append. */
export interface NewPerformanceMetrics {
  readonly componentName: string
  readonly metricName: string
  readonly metricValue: number
  /** What the value is measured against; 0, which says there is nothing to compare with, unless given. */
  readonly baselineValue?: number
  /** Which direction is better, such as `lower` for a latency; needed where there is a baseline. */
  readonly better?: 'higher' | 'lower'
  /** Of how many samples the value is the mean; 1 unless given. */
  readonly sampleCount?: number
  /** The level of confidence; 0.95 unless given. */
  readonly confidenceInterval?: number
  readonly metadata?: { readonly [name: string]: JsonValue }
}

/** Which measurements to answer. */
export interface ListMetricsOptions {
  readonly component: string
  readonly metricName?: string
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

const FIELDS = [
  ...(['componentName', 'metricName', 'metricValue', 'baselineValue', 'better', 'sampleCount'] as const),
  ...(['confidenceInterval', 'metadata'] as const),
]

/** How components of a system perform, against a baseline. */
export class Metrics {
  readonly #core: Core
  readonly #table: MetricsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new MetricsTable(core.connection)
  }

  /** Answers the id of the metric. Its improvement is in percent of the baseline, above 0 for the better. @throws INVALID_ARGUMENT */
  add(metric: NewPerformanceMetrics): number {
    const given = checkOptions(metric, 'a metric', FIELDS)
    const { baselineValue = 0, better, sampleCount = 1, confidenceInterval = 0.95, metadata = {} } = given
    const value = checkFinite(given.metricValue, 'metricValue')
    const baseline = checkFinite(baselineValue, 'baselineValue')
    if (better !== 'higher' && better !== 'lower' && (better !== undefined || baseline !== 0)) {
      throw invalid('better', '"higher" or "lower" where there is a baseline', better)
    }
    checkOptions(metadata, 'metadata', Object.keys(metadata ?? {}))
    keyOf(metadata, 'metadata')
    const row = {
      componentName: checkName(given.componentName, 'componentName'),
      metricName: checkName(given.metricName, 'metricName'),
      metricValue: value,
      baselineValue: baseline,
      improvementPercentage: checkFinite(improvementOver(baseline, value, better), 'the improvement'),
      measuredAt: this.#core.now() / 1000,
      sampleCount: checkCount(sampleCount, 'sampleCount', 1),
      confidenceInterval: checkNumber(confidenceInterval, 'confidenceInterval', 0, 1),
      metadata: JSON.stringify(canonical(metadata)),
      better: better ?? null,
    }
    return this.#core.transaction(() => this.#table.append(row))
  }

  /** The measurements of one component, newest first. @throws INVALID_ARGUMENT */
  list(options: ListMetricsOptions): PerformanceMetrics[] {
    const fields = ['component', 'metricName', 'limit', 'offset'] as const
    const { component, metricName = null, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    const rows = this.#table.ofComponent(
      checkName(component, 'component'),
      metricName === null ? null : checkName(metricName, 'metricName'),
      checkCount(limit, 'limit', 0),
      checkCount(offset, 'offset', 0),
    )
    return rows.map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as PerformanceMetrics['metadata'] }))
  }

  /** How many there are. */
  count(): number {
    return this.#table.count()
  }

  /** Removes what was measured before that, and answers how many there were. @throws INVALID_ARGUMENT */
  prune(options: { readonly maxAgeMs: number }): number {
    const { maxAgeMs } = checkOptions(options, 'the options', ['maxAgeMs'])
    const before = (this.#core.now() - checkNumber(maxAgeMs, 'maxAgeMs', 0, Number.MAX_VALUE)) / 1000
    return this.#core.transaction(() => this.#table.removeMeasuredBefore(before))
  }
}

/** In percent of the size of the baseline, above 0 for the better; 0 where there is no baseline. */
function improvementOver(baseline: number, value: number, better: 'higher' | 'lower' = 'higher'): number {
  if (baseline === 0) return 0
  const change = ((value - baseline) / Math.abs(baseline)) * 100
  return better === 'lower' ? 0 - change : change
}
