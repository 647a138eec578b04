import { bestByName } from '../../algorithms/search/ranking.ts'
import { checkCount, checkFinite, checkList, checkName, checkNumber, checkOptions, checkRowId } from '../../checks.ts'
import {
  type ExecutionPatternCriteria,
  ExecutionPatternsTable,
  type PatternsSummary,
} from '../../tables/execution-patterns.ts'
import { type Preference, PreferencesTable } from '../../tables/preferences.ts'
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

/** Which execution patterns to answer; all of these hold for each. */
export interface ExecutionPatternFilterOptions {
  readonly taskType?: string
  /** Matches `patternUsed`. */
  readonly patternType?: string
  readonly minConfidence?: number
  readonly minSuccessRate?: number
  /** Only patterns updated within so many seconds. */
  readonly maxAgeMs?: number
  readonly limit?: number
  readonly offset?: number
}

const FILTER_FIELDS = [
  ...(['taskType', 'patternType', 'minConfidence', 'minSuccessRate', 'maxAgeMs', 'limit', 'offset'] as const),
]

/** Of so many patterns the ones are recommended that fit. */
const CONSIDERED = 1_000
const RECOMMENDED = 10

/** The execution patterns of a store. Answers are cached until a pattern changes that they could name. */
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

  /** Answers the id that the pattern was given. */
  add(pattern: NewExecutionPattern): number {
    return this.addMany([pattern])[0] as number
  }

  /** Stores all of them or, when one is refused, none. Answers their ids in order. */
  addMany(patterns: readonly NewExecutionPattern[]): number[] {
    const now = this.#now()
    const rows = checkList(patterns, 'patterns').map((pattern) => checkPattern(pattern as NewExecutionPattern, now))
    for (const { taskType } of rows) this.#cache.changed(taskType)
    return this.#core.transaction(() => rows.map((row) => this.#table.append(row)))
  }

  /**
   * Adds a run to the pattern that sums up all tracked runs of its task type, pattern and complexity, and answers that
   * pattern: means in which older runs count less, and a confidence that the number of runs earned. @throws INVALID_ARGUMENT
   */
  recordRun(run: ExecutionRun, options: TrackOptions = {}): ExecutionPattern {
    const halfLifeDays = halfLifeOf(options)
    const row = checkRun(run, this.#now())
    this.#cache.changed(row.taskType)
    return this.#core.transaction(() => {
      const known = this.#table.byRun(row)
      const summed = withRun(known, row, halfLifeDays)
      if (!known) return toPattern({ id: this.#table.append(summed), ...summed })
      this.#table.update({ ...summed, id: known.id })
      return toPattern({ ...summed, id: known.id })
    })
  }

  /** Undefined where there is none. @param id as a pattern has it, or in decimal digits. @throws INVALID_ARGUMENT */
  get(id: number | string): ExecutionPattern | undefined {
    const row = this.#table.get(checkRowId(id, 'id'))
    return row && toPattern(row)
  }

  /**
   * Sets the confidence of a pattern; where it sums up runs, until the next run. Answers false where there is none.
   * @param id as a pattern has it, or in decimal digits. @param weight in [0, 1]. @throws INVALID_ARGUMENT
   */
  setConfidence(id: number | string, weight: number): boolean {
    const rowId = checkRowId(id, 'id')
    checkNumber(weight, 'weight', 0, 1)
    return this.#core.transaction(() => {
      const known = this.#table.get(rowId)
      if (!known) return false
      this.#cache.changed(known.taskType)
      this.#table.update({ ...known, confidenceScore: weight })
      return true
    })
  }

  /** Those that match, the most confident first, then the most successful, then the oldest; so pages are stable. */
  list(filters: ExecutionPatternFilterOptions = {}): ExecutionPattern[] {
    const criteria = this.#criteriaOf(filters)
    const find = (): ExecutionPattern[] => this.#table.find(criteria).map(toPattern)
    // An answer that depends on the time of asking would outlive its truth in a cache.
    if (filters.maxAgeMs !== undefined) return find()
    if (this.#cachedRevision !== this.#core.revision) {
      this.#cache.clear()
      this.#cachedRevision = this.#core.revision
    }
    return this.#cache.answer(JSON.stringify(criteria), criteria.taskType, find)
  }

  /**
   * What fits a task, each pattern once, the best first, at most ten; looked for among the 1,000 most confident. A pattern
   * is less sure the longer it was not updated. @throws INVALID_ARGUMENT
   */
  recommend(context: TaskContext, options: TrackOptions = {}): PatternRecommendation[] {
    const halfLifeDays = halfLifeOf(options)
    const { userPreferences, ...task } = checkContext(context)
    const { taskType } = task
    const patterns = this.list({ limit: CONSIDERED, ...(taskType === undefined ? {} : { taskType }) })
    const now = this.#now()
    const wanted = userPreferences ?? weightsOf(this.#preferences.list('pattern', CONSIDERED, 0))
    const confidenceOf = ({ confidenceScore, updatedAt }: ExecutionPattern): number =>
      confidenceScore * decaySince(updatedAt, now, halfLifeDays)
    const fitting = recommendedPatterns(patterns, { ...task, userPreferences: wanted }, confidenceOf)
    return bestByName(fitting, ({ patternUsed }) => patternUsed, RECOMMENDED)
  }

  /** All of them in numbers. @param options.recentMs how long ago still counts as recent, in ms. @throws INVALID_ARGUMENT */
  summary(options: { readonly recentMs: number }): PatternsSummary {
    const { recentMs } = checkOptions(options, 'the options', ['recentMs'])
    return this.#table.summary(this.#now() - checkNumber(recentMs, 'recentMs', 0, Number.MAX_VALUE) / 1000)
  }

  /** How many there are. */
  count(): number {
    return this.#table.count()
  }

  /** Removes what was not updated for so long, and answers how many there were. @throws INVALID_ARGUMENT */
  prune(options: { readonly maxAgeMs: number }): number {
    const { maxAgeMs } = checkOptions(options, 'the options', ['maxAgeMs'])
    const before = this.#now() - checkNumber(maxAgeMs, 'maxAgeMs', 0, Number.MAX_VALUE) / 1000
    this.#cache.clear()
    return this.#core.transaction(() => this.#table.removeUpdatedBefore(before))
  }

  /** In seconds since the epoch, as the table has it. */
  #now(): number {
    return this.#core.now() / 1000
  }

  #criteriaOf(filters: ExecutionPatternFilterOptions): ExecutionPatternCriteria {
    const { taskType = null, patternType = null, maxAgeMs } = checkOptions(filters, 'the filters', FILTER_FIELDS)
    const now = this.#now()
    return {
      taskType: taskType === null ? null : checkName(taskType, 'taskType'),
      patternUsed: patternType === null ? null : checkName(patternType, 'patternType'),
      minConfidence: checkFinite(filters.minConfidence ?? 0, 'minConfidence'),
      minSuccessRate: checkFinite(filters.minSuccessRate ?? 0, 'minSuccessRate'),
      updatedSince: maxAgeMs === undefined ? 0 : now - checkNumber(maxAgeMs, 'maxAgeMs', 0, now * 1000) / 1000,
      limit: checkCount(filters.limit ?? 100, 'limit', 0),
      offset: checkCount(filters.offset ?? 0, 'offset', 0),
    }
  }
}

function weightsOf(preferences: readonly Preference[]): { [pattern: string]: number } {
  return Object.fromEntries(preferences.map(({ preferenceValue, weight }) => [preferenceValue, weight]))
}
