import { checkBoolean, checkName, checkNumber, checkOptions } from '../../checks.ts'
import { type PatternStatistics, PatternStatsCacheTable, type PatternTrend } from '../../tables/test-pattern-stats.ts'
import { type TestPatternUsage, TestPatternUsageTable } from '../../tables/test-pattern-usage.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { checkFramework, type TestFramework } from './test-pattern.ts'

/** One use of a pattern in a project. */
export interface TestPatternUse {
  /** The pattern. */
  readonly patternId: string
  /** The project. */
  readonly projectId: string
  /** Whether the test succeeded. */
  readonly success: boolean
  /** Duration of the test. */
  readonly executionTimeMs?: number
  /** Increase of the coverage by the test, in [0, 1]. */
  readonly coverageGain?: number
  /** Whether the test both passed and failed without a change of the code. Default: false. */
  readonly flaky?: boolean
  /** The quality of the test, in [0, 1]. */
  readonly quality?: number
  /** The framework that the pattern was translated to; the use is also counted for that mapping, which must exist. */
  readonly targetFramework?: TestFramework
}

const FIELDS = [
  'patternId',
  'projectId',
  'success',
  'executionTimeMs',
  'coverageGain',
  'flaky',
  'quality',
  'targetFramework',
] as const

/** In uses. */
const HALF_LIFE = 5
const DECAY = 2 ** (-1 / HALF_LIFE)
/** The difference between recent and overall success rate that makes a trend. */
const TREND = 0.1

/** @throws INVALID_ARGUMENT */
export function checkUse(use: TestPatternUse): TestPatternUse & { readonly flaky: boolean } {
  const given = checkOptions(use, 'a use', FIELDS)
  const { executionTimeMs, coverageGain, quality, targetFramework, flaky = false, ...rest } = given
  return {
    patternId: checkName(rest.patternId, 'patternId'),
    projectId: checkName(rest.projectId, 'projectId'),
    success: checkBoolean(rest.success, 'success'),
    flaky: checkBoolean(flaky, 'flaky'),
    ...(executionTimeMs === undefined
      ? {}
      : { executionTimeMs: checkNumber(executionTimeMs, 'executionTimeMs', 0, Number.MAX_SAFE_INTEGER) }),
    ...(coverageGain === undefined ? {} : { coverageGain: checkNumber(coverageGain, 'coverageGain', 0, 1) }),
    ...(quality === undefined ? {} : { quality: checkNumber(quality, 'quality', 0, 1) }),
    ...(targetFramework === undefined ? {} : { targetFramework: checkFramework(targetFramework, 'targetFramework') }),
  }
}

/** The uses of patterns by project, and their statistics. */
export class TestPatternUsages {
  readonly #core: Core
  readonly #usage: TestPatternUsageTable
  readonly #statistics: PatternStatsCacheTable

  constructor(core: Core) {
    this.#core = core
    this.#usage = new TestPatternUsageTable(core.connection)
    this.#statistics = new PatternStatsCacheTable(core.connection)
  }

  /** Sorted by project. */
  of(patternId: string): TestPatternUsage[] {
    return this.#usage.ofPattern(patternId)
  }

  statistics(patternId: string): PatternStatistics | undefined {
    return this.#statistics.get(patternId)
  }

  /** Writes the statistics of a new pattern. Call it inside a transaction. */
  addPattern(patternId: string): void {
    this.#statistics.set({ ...statisticsOf(patternId, [], null), lastUpdated: isoTime(this.#core.now()) })
  }

  /** Writes the statistics of imported patterns that have none. Call it inside a transaction. */
  addMissing(): void {
    for (const patternId of this.#statistics.missing()) {
      const lastUpdated = isoTime(this.#core.now())
      this.#statistics.set({ ...statisticsOf(patternId, this.#usage.ofPattern(patternId), null), lastUpdated })
    }
  }

  /** Counts a use. Call it inside a transaction. @returns the statistics of all uses of the pattern. */
  add(use: TestPatternUse & { readonly flaky: boolean }): PatternStatistics {
    const now = isoTime(this.#core.now())
    this.#usage.set(withUse(this.#usage.get(use.patternId, use.projectId), use, now))
    const rows = this.#usage.ofPattern(use.patternId)
    const uses = rows.reduce((sum, row) => sum + row.usageCount, 0)
    const before = this.#statistics.get(use.patternId)?.recentSuccessRate ?? null
    const recent = recentRate(before, use.success, uses)
    const statistics = { ...statisticsOf(use.patternId, rows, recent), lastUpdated: now }
    this.#statistics.set(statistics)
    return statistics
  }

  /** Call it inside a transaction. */
  remove(patternId: string): void {
    this.#usage.removeOf(patternId)
    this.#statistics.remove(patternId)
  }
}

function withUse(
  known: TestPatternUsage | undefined,
  { patternId, projectId, success, executionTimeMs, coverageGain, flaky, quality }: TestPatternUse,
  now: string,
): TestPatternUsage {
  const time = meanWith(known?.avgExecutionTimeMs, known?.timedCount, executionTimeMs)
  const gain = meanWith(known?.avgCoverageGain, known?.measuredCount, coverageGain)
  const rating = meanWith(known?.qualityScore, known?.ratedCount, quality)
  return {
    patternId,
    projectId,
    usageCount: (known?.usageCount ?? 0) + 1,
    successCount: (known?.successCount ?? 0) + (success ? 1 : 0),
    failureCount: (known?.failureCount ?? 0) + (success ? 0 : 1),
    avgExecutionTimeMs: time.mean,
    avgCoverageGain: gain.mean,
    flakyCount: (known?.flakyCount ?? 0) + (flaky ? 1 : 0),
    qualityScore: rating.mean,
    firstUsed: known?.firstUsed ?? now,
    lastUsed: now,
    timedCount: time.count,
    measuredCount: gain.count,
    ratedCount: rating.count,
  }
}

/** A running mean with one more value, if it is given. */
function meanWith(
  mean: number | null = null,
  count = 0,
  value: number | undefined = undefined,
): { readonly mean: number | null; readonly count: number } {
  if (value === undefined) return { mean, count }
  return { mean: (mean ?? 0) + (value - (mean ?? 0)) / (count + 1), count: count + 1 }
}

/** The same numbers as the view `pattern_analytics`: projects are weighted by their uses. */
function statisticsOf(
  patternId: string,
  rows: readonly TestPatternUsage[],
  recentSuccessRate: number | null,
): Omit<PatternStatistics, 'lastUpdated'> {
  const totalUses = rows.reduce((sum, row) => sum + row.usageCount, 0)
  const successes = rows.reduce((sum, row) => sum + row.successCount, 0)
  const successRate = totalUses === 0 ? null : successes / totalUses
  return {
    patternId,
    totalUses,
    successRate,
    avgQuality: weightedMean(rows, ({ qualityScore }) => qualityScore),
    avgCoverageGain: weightedMean(rows, ({ avgCoverageGain }) => avgCoverageGain),
    recentSuccessRate,
    projectCount: rows.length,
    trend: trendOf(recentSuccessRate, successRate),
  }
}

function weightedMean(
  rows: readonly TestPatternUsage[],
  measure: (row: TestPatternUsage) => number | null,
): number | null {
  let sum = 0
  let uses = 0
  for (const row of rows) {
    const value = measure(row)
    if (value === null) continue
    sum += value * row.usageCount
    uses += row.usageCount
  }
  return uses === 0 ? null : Math.min(1, sum / uses)
}

/**
 * The exponentially weighted mean of all outcomes, updated by the newest: its weight is 1, that of all n together
 * (1 - d^n) / (1 - d) for a decay d.
 *
 * @param uses the number of uses, including the newest.
 */
function recentRate(before: number | null, success: boolean, uses: number): number {
  const outcome = success ? 1 : 0
  if (before === null) return outcome
  const share = (1 - DECAY) / (1 - DECAY ** uses)
  return Math.min(1, Math.max(0, before + (outcome - before) * share))
}

/** For few uses the two rates hardly differ, so there is no trend. */
function trendOf(recent: number | null, overall: number | null): PatternTrend {
  if (recent === null || overall === null || Math.abs(recent - overall) <= TREND) return 'stable'
  return recent > overall ? 'rising' : 'declining'
}
