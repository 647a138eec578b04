import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkFinite, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type MetricRow, MetricsTable } from '../../tables/metrics.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'

/** A performance measurement of one component: the `PerformanceMetrics` of MCP-Agent's learning database document. */
export interface PerformanceMetrics extends Omit<MetricRow, 'metadata'> {
  /** Metadata of the measurement. */
  readonly metadata: { readonly [name: string]: JsonValue }
}

/** A measurement to add. */
export interface NewPerformanceMetrics {
  /** The component. */
  readonly componentName: string
  /** The name of the metric. */
  readonly metricName: string
  /** The measured value. */
  readonly metricValue: number
  /** The value to compare with. Default: 0, no baseline. */
  readonly baselineValue?: number
  /** The better direction, for example `lower` for a latency; required with a baseline. */
  readonly better?: 'higher' | 'lower'
  /** Number of samples that the value is the mean of. Default: 1. */
  readonly sampleCount?: number
  /** The confidence level of the measurement, in [0, 1]. Default: 0.95. */
  readonly confidenceInterval?: number
  /** Metadata of the measurement. Default: `{}`. */
  readonly metadata?: { readonly [name: string]: JsonValue }
}

/** Options of `metrics.list`. */
export interface ListMetricsOptions {
  /** The component whose measurements to list. */
  readonly component: string
  /** Only measurements of this metric. */
  readonly metricName?: string
  /** Maximum number of measurements. Default: 100. */
  readonly limit?: number
  /** Number of measurements to skip. Default: 0. */
  readonly offset?: number
}

const FIELDS = [
  'componentName',
  'metricName',
  'metricValue',
  'baselineValue',
  'better',
  'sampleCount',
  'confidenceInterval',
  'metadata',
] as const

/** Performance measurements of components, compared with a baseline. */
export class Metrics {
  readonly #core: Core
  readonly #table: MetricsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new MetricsTable(core.connection)
  }

  /**
   * Adds a measurement, with its improvement in percent of the baseline, above 0 for an improvement.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   */
  add(metric: NewPerformanceMetrics): number {
    const given = checkOptions(metric, 'a metric', FIELDS)
    const { baselineValue = 0, better, sampleCount = 1, confidenceInterval = 0.95, metadata = {} } = given
    const value = checkFinite(given.metricValue, 'metricValue')
    const baseline = checkFinite(baselineValue, 'baselineValue')
    if (better !== 'higher' && better !== 'lower' && (better !== undefined || baseline !== 0)) {
      throw invalid('better', '"higher" or "lower" with a baseline', better)
    }
    checkOptions(metadata, 'metadata', Object.keys(metadata ?? {}))
    keyOf(metadata, 'metadata')
    const row = {
      componentName: checkName(given.componentName, 'componentName'),
      metricName: checkName(given.metricName, 'metricName'),
      metricValue: value,
      baselineValue: baseline,
      improvementPercentage: checkFinite(improvementOver(baseline, value, better), 'the improvement'),
      measuredAt: isoTime(this.#core.now()),
      sampleCount: checkCount(sampleCount, 'sampleCount', 1),
      confidenceInterval: checkNumber(confidenceInterval, 'confidenceInterval', 0, 1),
      metadata: toJson(metadata),
      better: better ?? null,
    }
    return this.#core.transaction(() => this.#table.append(row))
  }

  /**
   * Lists the measurements of one component.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   */
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

  /** Counts all measurements. */
  count(): number {
    return this.#table.count()
  }

  /**
   * Deletes old measurements.
   *
   * @param options.maxAgeMs delete measurements older than this.
   * @returns the number of deleted measurements.
   * @throws INVALID_ARGUMENT
   */
  prune(options: { readonly maxAgeMs: number }): number {
    const { maxAgeMs } = checkOptions(options, 'the options', ['maxAgeMs'])
    const before = this.#core.now() - checkNumber(maxAgeMs, 'maxAgeMs', 0, Number.MAX_VALUE)
    return this.#core.transaction(() => this.#table.removeMeasuredBefore(before))
  }
}

/** In percent of the absolute baseline, above 0 for an improvement; 0 without a baseline. */
function improvementOver(baseline: number, value: number, better: 'higher' | 'lower' = 'higher'): number {
  if (baseline === 0) return 0
  const change = ((value - baseline) / Math.abs(baseline)) * 100
  return better === 'lower' ? 0 - change : change
}
