import { checkBoolean, checkName, checkNumber, checkOptions } from '../../checks.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { type PatternStatistics, PatternStatsCacheTable, type PatternTrend } from '../../tables/test-pattern-stats.ts'
import { type TestPatternUsage, TestPatternUsageTable } from '../../tables/test-pattern-usage.ts'
import type { Core } from '../core/core.ts'
import { checkFramework, type TestFramework } from './test-pattern.ts'

/** One use of a pattern in a project. */
export interface TestPatternUse {
  readonly patternId: string
  readonly projectId: string
  readonly success: boolean
  readonly executionTimeMs?: number
  /** By how much the test raised the coverage, in [0, 1]. */
  readonly coverageGain?: number
  /** Whether the test passed and failed without a change; false unless given. */
  readonly flaky?: boolean
  /** How good the test is, in [0, 1]. */
  readonly quality?: number
  /** Where the pattern was translated to another framework, by the mapping that was shared: the use counts for it too. */
  readonly targetFramework?: TestFramework
}

const FIELDS = [
  ...(['patternId', 'projectId', 'success', 'executionTimeMs', 'coverageGain', 'flaky', 'quality'] as const),
  ...(['targetFramework'] as const),
]

/** A use counts half of the one so many uses later. */
const HALF_LIFE = 5
const DECAY = 2 ** (-1 / HALF_LIFE)
/** By so much the recent success rate must be off that of all uses for a trend. */
const TREND = 0.1

/** @throws INVALID_ARGUMENT */
export function checkUse(use: TestPatternUse): TestPatternUse & { readonly flaky: boolean } {
  const {
    executionTimeMs,
    coverageGain,
    quality,
    targetFramework,
    flaky = false,
    ...rest
  } = checkOptions(...([use, 'a use', FIELDS] as const))
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

/** The uses of patterns by project, and what they come to. */
export class TestPatternUsages {
  readonly #core: Core
  readonly #usage: TestPatternUsageTable
  readonly #statistics: PatternStatsCacheTable

  constructor(core: Core) {
    this.#core = core
    this.#usage = new TestPatternUsageTable(core.connection)
    this.#statistics = new PatternStatsCacheTable(core.connection)
  }

  /** By project. */
  of(patternId: string): TestPatternUsage[] {
    return this.#usage.ofPattern(patternId)
  }

  statistics(patternId: string): PatternStatistics | undefined {
    return this.#statistics.get(patternId)
  }

  /** Inside a transaction: the pattern was never used. */
  begin(patternId: string): void {
    this.#statistics.set({ ...statisticsOf(patternId, [], null), lastUpdated: sqlTime(this.#core.now()) })
  }

  /** Inside a transaction: patterns that came without figures have those of their uses. */
  beginAll(): void {
    for (const patternId of this.#statistics.missing()) {
      const lastUpdated = sqlTime(this.#core.now())
      this.#statistics.set({ ...statisticsOf(patternId, this.#usage.ofPattern(patternId), null), lastUpdated })
    }
  }

  /** Inside a transaction: counts a use, and answers what all uses of the pattern come to. */
  add(use: TestPatternUse & { readonly flaky: boolean }): PatternStatistics {
    const now = sqlTime(this.#core.now())
    this.#usage.set(withUse(this.#usage.get(use.patternId, use.projectId), use, now))
    const rows = this.#usage.ofPattern(use.patternId)
    const uses = rows.reduce((sum, row) => sum + row.usageCount, 0)
    const before = this.#statistics.get(use.patternId)?.recentSuccessRate ?? null
    const recent = recentRate(before, use.success, uses)
    const statistics = { ...statisticsOf(use.patternId, rows, recent), lastUpdated: now }
    this.#statistics.set(statistics)
    return statistics
  }

  /** Inside a transaction. */
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
  const time = meanWith(known?.avgExecutionTime, known?.timedCount, executionTimeMs)
  const gain = meanWith(known?.avgCoverageGain, known?.measuredCount, coverageGain)
  const rating = meanWith(known?.qualityScore, known?.ratedCount, quality)
  return {
    patternId,
    projectId,
    usageCount: (known?.usageCount ?? 0) + 1,
    successCount: (known?.successCount ?? 0) + (success ? 1 : 0),
    failureCount: (known?.failureCount ?? 0) + (success ? 0 : 1),
    avgExecutionTime: time.mean,
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

/** A running mean with one value more, if it was told. */
function meanWith(
  mean: number | null = null,
  count = 0,
  value: number | undefined = undefined,
): { readonly mean: number | null; readonly count: number } {
  if (value === undefined) return { mean, count }
  return { mean: (mean ?? 0) + (value - (mean ?? 0)) / (count + 1), count: count + 1 }
}

/** The same numbers as `pattern_analytics` has: projects count by how often they used the pattern. */
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
 * The mean of all outcomes in which one counts half of the one five uses later, updated by the newest: its weight is 1, that
 * of all of them (1 - d^n) / (1 - d) for a decay d. @param uses with the newest.
 */
function recentRate(before: number | null, success: boolean, uses: number): number {
  const outcome = success ? 1 : 0
  if (before === null) return outcome
  const share = (1 - DECAY) / (1 - DECAY ** uses)
  return Math.min(1, Math.max(0, before + (outcome - before) * share))
}

/** Of few uses the two rates hardly differ, so no trend is read into them. */
function trendOf(recent: number | null, overall: number | null): PatternTrend {
  if (recent === null || overall === null || Math.abs(recent - overall) <= TREND) return 'stable'
  return recent > overall ? 'rising' : 'declining'
}
