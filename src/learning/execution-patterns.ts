import QuickLRU from 'quick-lru'
import { keyOf, type PlainValue } from '../algorithms/keys.ts'
import { type ExecutionPatternRow, ExecutionPatternsTable } from '../tables/execution-patterns.ts'
import { checkCount, checkFinite, checkList, checkName, checkNumber, checkOptions } from './checks.ts'
import type { Core } from './core.ts'

/** How a task was carried out, and how well: the model of MCP-Agent. */
export interface ExecutionPattern {
  readonly id: number
  readonly taskType: string
  /** `direct`, `parallel`, `orchestrator` or another. */
  readonly patternUsed: string
  /** In seconds. */
  readonly executionTime: number
  /** In [0, 1]. */
  readonly successRate: number
  /** In [0, 1]. */
  readonly confidenceScore: number
  readonly agentCount: number
  readonly complexityLevel: string
  readonly toolsUsed: readonly string[]
  readonly contextFactors: { readonly [name: string]: PlainValue }
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
  readonly usageCount: number
}

/** A pattern to store. What is left out has the default of the model. */
export type NewExecutionPattern = Partial<Omit<ExecutionPattern, 'id' | 'createdAt' | 'updatedAt'>>

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

const PATTERN_FIELDS = [
  ...(['taskType', 'patternUsed', 'executionTime', 'successRate', 'confidenceScore', 'agentCount'] as const),
  ...(['complexityLevel', 'toolsUsed', 'contextFactors', 'usageCount'] as const),
]
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
    checkOptions(filters, 'the filters', FILTER_FIELDS)
    // An answer that depends on the time of asking would outlive its truth in a cache.
    if (filters.maxAgeSeconds !== undefined) return this.#find(filters)
    if (this.#cachedRevision !== this.#core.revision) {
      this.#cache.clear()
      this.#cachedRevision = this.#core.revision
    }
    const key = JSON.stringify(FILTER_FIELDS.map((name) => filters[name]))
    const known = this.#cache.get(key)
    if (known) {
      this.#hits++
      return known.slice()
    }
    this.#misses++
    const found = this.#find(filters)
    this.#cache.set(key, found)
    return found.slice()
  }

  #find(filters: PatternFilters): ExecutionPattern[] {
    const { taskType = null, patternType = null, maxAgeSeconds } = filters
    const now = this.#core.now() / 1000
    return this.#table
      .find({
        taskType: taskType === null ? null : checkName(taskType, 'taskType'),
        patternUsed: patternType === null ? null : checkName(patternType, 'patternType'),
        minConfidence: checkFinite(filters.minConfidence ?? 0, 'minConfidence'),
        minSuccessRate: checkFinite(filters.minSuccessRate ?? 0, 'minSuccessRate'),
        updatedSince: maxAgeSeconds === undefined ? 0 : now - checkNumber(maxAgeSeconds, 'maxAgeSeconds', 0, now),
        limit: checkCount(filters.limit ?? 100, 'limit', 0),
        offset: checkCount(filters.offset ?? 0, 'offset', 0),
      })
      .map(toPattern)
  }
}

function checkPattern(pattern: NewExecutionPattern, now: number): Omit<ExecutionPatternRow, 'id'> {
  const given = checkOptions(pattern, 'an execution pattern', PATTERN_FIELDS)
  const { taskType = '', patternUsed = '', toolsUsed = [], contextFactors = {} } = given
  for (const tool of checkList(toolsUsed, 'toolsUsed')) checkName(tool, 'a tool')
  keyOf(contextFactors, 'contextFactors')
  return {
    taskType: taskType === '' ? '' : checkName(taskType, 'taskType'),
    patternUsed: patternUsed === '' ? '' : checkName(patternUsed, 'patternUsed'),
    executionTime: checkNumber(given.executionTime ?? 0, 'executionTime', 0, Number.MAX_VALUE),
    successRate: checkNumber(given.successRate ?? 1, 'successRate', 0, 1),
    confidenceScore: checkNumber(given.confidenceScore ?? 0, 'confidenceScore', 0, 1),
    agentCount: checkCount(given.agentCount ?? 1, 'agentCount', 0),
    complexityLevel: checkName(given.complexityLevel ?? 'simple', 'complexityLevel'),
    toolsUsed: JSON.stringify(toolsUsed),
    contextFactors: JSON.stringify(contextFactors),
    createdAt: now,
    updatedAt: now,
    usageCount: checkCount(given.usageCount ?? 0, 'usageCount', 0),
  }
}

/** Frozen, because the cache hands the same object out again. */
function toPattern(row: ExecutionPatternRow): ExecutionPattern {
  return Object.freeze({
    ...row,
    toolsUsed: Object.freeze(JSON.parse(row.toolsUsed) as string[]),
    contextFactors: deepFreeze(JSON.parse(row.contextFactors) as { [name: string]: PlainValue }),
  })
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
