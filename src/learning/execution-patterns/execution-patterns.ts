import { bestByName } from '../../algorithms/search/ranking.ts'
import { checkCount, checkFinite, checkList, checkName, checkNumber, checkOptions, checkRowId } from '../../checks.ts'
import {
  type ExecutionPatternCriteria,
  ExecutionPatternsTable,
  type PatternsSummary,
} from '../../tables/execution-patterns.ts'
import { type Preference, PreferencesTable } from '../../tables/preferences.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import {
  checkPattern,
  checkRun,
  type ExecutionPattern,
  type ExecutionRun,
  type NewExecutionPattern,
  toPattern,
} from './execution-pattern.ts'
import { decaySince, halfLifeOf, type TrackOptions, withRun } from './execution-tracking.ts'
import type { QueryCache } from './query-cache.ts'
import { type PatternRecommendation, recommendedPatterns } from './recommended-patterns.ts'
import { checkContext, type TaskContext } from './task-context.ts'

/** Options of `executionPatterns.list`; all given filters must match. */
export interface ExecutionPatternFilterOptions {
  /** Only patterns for tasks of this type. */
  readonly taskType?: string
  /** Only patterns with this `patternUsed`. */
  readonly patternType?: string
  /** Minimum confidence. Default: 0. */
  readonly minConfidence?: number
  /** Minimum success rate. Default: 0. */
  readonly minSuccessRate?: number
  /** Only patterns that were updated within this time. */
  readonly maxAgeMs?: number
  /** Maximum number of patterns. Default: 100. */
  readonly limit?: number
  /** Number of patterns to skip. Default: 0. */
  readonly offset?: number
}

const FILTER_FIELDS = [
  'taskType',
  'patternType',
  'minConfidence',
  'minSuccessRate',
  'maxAgeMs',
  'limit',
  'offset',
] as const

/** Maximum number of candidates considered for a recommendation. */
const MAX_CANDIDATES = 1_000
const MAX_RECOMMENDATIONS = 10

/** The execution patterns of a store. Results of `list` are cached until a pattern of the same task type changes. */
export class ExecutionPatterns {
  readonly #core: Core
  readonly #table: ExecutionPatternsTable
  readonly #preferences: PreferencesTable
  readonly #cache: QueryCache<ExecutionPattern>
  #cachedRevision = 0

  constructor(core: Core, cache: QueryCache<ExecutionPattern>) {
    this.#core = core
    this.#cache = cache
    this.#table = new ExecutionPatternsTable(core.connection)
    this.#preferences = new PreferencesTable(core.connection)
  }

  /**
   * Adds a pattern.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const pattern = { taskType: 'test', patternUsed: 'parallel', successRate: 0.9, confidenceScore: 0.8 }
   * const id = await store.executionPatterns.add({ ...pattern, toolsUsed: ['vitest'] })
   * console.log((await store.executionPatterns.get(id))?.patternUsed) // parallel
   * await store.close()
   * ```
   */
  add(pattern: NewExecutionPattern): number {
    return this.addMany([pattern])[0] as number
  }

  /**
   * Adds several patterns in one transaction: if one is invalid, none is added.
   *
   * @returns their ids, in order.
   * @throws INVALID_ARGUMENT
   */
  addMany(patterns: readonly NewExecutionPattern[]): number[] {
    const now = this.#now()
    const rows = checkList(patterns, 'patterns').map((pattern) => checkPattern(pattern as NewExecutionPattern, now))
    for (const { taskType } of rows) this.#cache.changed(taskType)
    return this.#core.transaction(() => rows.map((row) => this.#table.append(row)))
  }

  /**
   * Records a run in the pattern that summarizes all runs of its task type, pattern and complexity. Its means weight
   * older runs less; its confidence grows with the number of runs.
   *
   * @returns the updated pattern.
   * @throws INVALID_ARGUMENT
   */
  recordRun(run: ExecutionRun, options: TrackOptions = {}): ExecutionPattern {
    const halfLifeMs = halfLifeOf(options)
    const row = checkRun(run, this.#now())
    this.#cache.changed(row.taskType)
    return this.#core.transaction(() => {
      const known = this.#table.byRun(row)
      const updated = withRun(known, row, halfLifeMs)
      if (!known) return toPattern({ id: this.#table.append(updated), ...updated })
      this.#table.update({ ...updated, id: known.id })
      return toPattern({ ...updated, id: known.id })
    })
  }

  /**
   * Returns one pattern.
   *
   * @param id a number, or its decimal digits.
   * @returns undefined if there is none with this id.
   * @throws INVALID_ARGUMENT
   */
  get(id: number | string): ExecutionPattern | undefined {
    const row = this.#table.get(checkRowId(id, 'id'))
    return row && toPattern(row)
  }

  /**
   * Sets the confidence of a pattern. The next recorded run of the pattern computes it again.
   *
   * @param id a number, or its decimal digits.
   * @param confidence in [0, 1].
   * @returns false if there is no pattern with this id.
   * @throws INVALID_ARGUMENT
   */
  setConfidence(id: number | string, confidence: number): boolean {
    const rowId = checkRowId(id, 'id')
    checkNumber(confidence, 'confidence', 0, 1)
    return this.#core.transaction(() => {
      const known = this.#table.get(rowId)
      if (!known) return false
      this.#cache.changed(known.taskType)
      this.#table.update({ ...known, confidenceScore: confidence })
      return true
    })
  }

  /**
   * Lists patterns.
   *
   * @returns most confident first, then most successful, then oldest.
   * @throws INVALID_ARGUMENT
   */
  list(filters: ExecutionPatternFilterOptions = {}): ExecutionPattern[] {
    const criteria = this.#criteriaOf(filters)
    const find = (): ExecutionPattern[] => this.#table.find(criteria).map(toPattern)
    // A result that depends on the current time cannot be cached.
    if (filters.maxAgeMs !== undefined) return find()
    if (this.#cachedRevision !== this.#core.revision) {
      this.#cache.clear()
      this.#cachedRevision = this.#core.revision
    }
    return this.#cache.get(JSON.stringify(criteria), criteria.taskType, find)
  }

  /**
   * Recommends patterns for a task, among the 1,000 most confident ones. The confidence of a pattern decays with the
   * time since its last update.
   *
   * @returns best first, at most ten, each `patternUsed` once.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const run = { taskType: 'test', patternUsed: 'parallel', successRate: 1, executionTimeMs: 800 }
   * for (let i = 0; i < 3; i++) await store.executionPatterns.recordRun(run)
   * const [best] = await store.executionPatterns.recommend({ taskType: 'test' })
   * console.log(best?.patternUsed, best?.usageCount) // parallel 3
   * await store.close()
   * ```
   */
  recommend(context: TaskContext, options: TrackOptions = {}): PatternRecommendation[] {
    const halfLifeMs = halfLifeOf(options)
    const { userPreferences, ...task } = checkContext(context)
    const { taskType } = task
    const patterns = this.list({ limit: MAX_CANDIDATES, ...(taskType === undefined ? {} : { taskType }) })
    const now = this.#now()
    const preferences = userPreferences ?? weightsOf(this.#preferences.list('pattern', MAX_CANDIDATES, 0))
    const confidenceOf = ({ confidenceScore, updatedAt }: ExecutionPattern): number =>
      confidenceScore * decaySince(updatedAt, now, halfLifeMs)
    const fitting = recommendedPatterns(patterns, { ...task, userPreferences: preferences }, confidenceOf)
    return bestByName(fitting, ({ patternUsed }) => patternUsed, MAX_RECOMMENDATIONS)
  }

  /**
   * Summarizes all patterns.
   *
   * @param options.recentMs patterns updated within this time count as recent.
   * @throws INVALID_ARGUMENT
   */
  summary(options: { readonly recentMs: number }): PatternsSummary {
    const { recentMs } = checkOptions(options, 'the options', ['recentMs'])
    return this.#table.summary(this.#core.now() - checkNumber(recentMs, 'recentMs', 0, Number.MAX_VALUE))
  }

  /** Counts all patterns. */
  count(): number {
    return this.#table.count()
  }

  /**
   * Deletes patterns that were not updated recently.
   *
   * @param options.maxAgeMs delete patterns whose last update is older than this.
   * @returns the number of deleted patterns.
   * @throws INVALID_ARGUMENT
   */
  prune(options: { readonly maxAgeMs: number }): number {
    const { maxAgeMs } = checkOptions(options, 'the options', ['maxAgeMs'])
    const before = this.#core.now() - checkNumber(maxAgeMs, 'maxAgeMs', 0, Number.MAX_VALUE)
    this.#cache.clear()
    return this.#core.transaction(() => this.#table.removeUpdatedBefore(before))
  }

  #now(): string {
    return isoTime(this.#core.now())
  }

  #criteriaOf(filters: ExecutionPatternFilterOptions): ExecutionPatternCriteria {
    const { taskType = null, patternType = null, maxAgeMs } = checkOptions(filters, 'the filters', FILTER_FIELDS)
    const now = this.#core.now()
    return {
      taskType: taskType === null ? null : checkName(taskType, 'taskType'),
      patternUsed: patternType === null ? null : checkName(patternType, 'patternType'),
      minConfidence: checkFinite(filters.minConfidence ?? 0, 'minConfidence'),
      minSuccessRate: checkFinite(filters.minSuccessRate ?? 0, 'minSuccessRate'),
      updatedSinceMs: maxAgeMs === undefined ? 0 : now - checkNumber(maxAgeMs, 'maxAgeMs', 0, now),
      limit: checkCount(filters.limit ?? 100, 'limit', 0),
      offset: checkCount(filters.offset ?? 0, 'offset', 0),
    }
  }
}

function weightsOf(preferences: readonly Preference[]): { [pattern: string]: number } {
  return Object.fromEntries(preferences.map(({ preferenceValue, weight }) => [preferenceValue, weight]))
}
