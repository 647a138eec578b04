import QuickLRU from 'quick-lru'
import { checkCount, checkFinite, checkList, checkName, checkNumber, checkOptions } from '../checks.ts'
import { type ExecutionPatternCriteria, ExecutionPatternsTable } from '../tables/execution-patterns.ts'
import type { Core } from './core.ts'
import { checkPattern, type ExecutionPattern, type NewExecutionPattern, toPattern } from './execution-pattern.ts'

export interface PatternFilters {
  readonly taskType?: string
  /** Matches `patternUsed`. */
  readonly patternType?: string
  readonly minConfidence?: number
  readonly minSuccessRate?: number
  /** Only patterns updated within so many seconds. */
  readonly maxAgeSeconds?: number
  readonly limit?: number
  readonly offset?: number
}

const FILTER_FIELDS = [
  ...(['taskType', 'patternType', 'minConfidence', 'minSuccessRate', 'maxAgeSeconds', 'limit', 'offset'] as const),
]
const CACHED_QUERIES = 200

/** The execution patterns of a store. Answers are cached until a pattern changes. */
export class ExecutionPatterns {
  readonly #core: Core
  readonly #table: ExecutionPatternsTable
  readonly #cache = new QuickLRU<string, readonly ExecutionPattern[]>({ maxSize: CACHED_QUERIES })
  #cachedRevision = 0
  #hits = 0
  #misses = 0

  constructor(core: Core) {
    this.#core = core
    this.#table = new ExecutionPatternsTable(core.connection)
  }

  /** How often `retrieve` was answered from memory, and how often from the table. */
  cacheStatus(): { readonly hits: number; readonly misses: number } {
    return { hits: this.#hits, misses: this.#misses }
  }

  /** Answers the id that the pattern was given. */
  store(pattern: NewExecutionPattern): number {
    return this.storeMany([pattern])[0] as number
  }

  /** Stores all of them or, when one is refused, none. Answers their ids in order. */
  storeMany(patterns: readonly NewExecutionPattern[]): number[] {
    const now = this.#core.now() / 1000
    const rows = checkList(patterns, 'patterns').map((pattern) => checkPattern(pattern as NewExecutionPattern, now))
    this.#core.revision++
    return this.#core.transaction(() => rows.map((row) => this.#table.append(row)))
  }

  /** Those that match, the most confident first, then the most successful, then the oldest; so pages are stable. */
  retrieve(filters: PatternFilters = {}): ExecutionPattern[] {
    const criteria = this.#criteriaOf(filters)
    // An answer that depends on the time of asking would outlive its truth in a cache.
    if (filters.maxAgeSeconds !== undefined) return this.#table.find(criteria).map(toPattern)
    if (this.#cachedRevision !== this.#core.revision) {
      this.#cache.clear()
      this.#cachedRevision = this.#core.revision
    }
    const key = JSON.stringify(criteria)
    const known = this.#cache.get(key)
    if (known) {
      this.#hits++
      return known.slice()
    }
    this.#misses++
    const found = this.#table.find(criteria).map(toPattern)
    this.#cache.set(key, found)
    return found.slice()
  }

  #criteriaOf(filters: PatternFilters): ExecutionPatternCriteria {
    const { taskType = null, patternType = null, maxAgeSeconds } = checkOptions(filters, 'the filters', FILTER_FIELDS)
    const now = this.#core.now() / 1000
    return {
      taskType: taskType === null ? null : checkName(taskType, 'taskType'),
      patternUsed: patternType === null ? null : checkName(patternType, 'patternType'),
      minConfidence: checkFinite(filters.minConfidence ?? 0, 'minConfidence'),
      minSuccessRate: checkFinite(filters.minSuccessRate ?? 0, 'minSuccessRate'),
      updatedSince: maxAgeSeconds === undefined ? 0 : now - checkNumber(maxAgeSeconds, 'maxAgeSeconds', 0, now),
      limit: checkCount(filters.limit ?? 100, 'limit', 0),
      offset: checkCount(filters.offset ?? 0, 'offset', 0),
    }
  }
}
