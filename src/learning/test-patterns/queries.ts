import type { Similarity } from '../../algorithms/search/pattern-similarity.ts'
import type { Matching } from '../../algorithms/search/text-query.ts'
import { checkCount, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { TestPatternCriteria } from '../../tables/test-patterns.ts'
import type { Snippet, TextSearch } from './search.ts'
import { checkFilters, FILTER_FIELDS, type TestPattern, type TestPatternFilterOptions } from './test-pattern.ts'

/** Options of `testPatterns.list`; all given filters must match. */
export interface ListTestPatternsOptions extends TestPatternFilterOptions {
  /** Maximum number of patterns. Default: 100. */
  readonly limit?: number
  /** Number of patterns to skip. Default: 0. */
  readonly offset?: number
}

/** Options of `testPatterns.analytics` and `qualityReport`; all given filters must match. */
export type ListReportsOptions = Omit<ListTestPatternsOptions, 'language'>

/** Options of `testPatterns.listSimilarPairs`; all given filters must match. */
export interface ListSimilarPairsOptions {
  /** Only pairs with this pattern. */
  readonly patternId?: string
  /** Minimum similarity, in [0, 1]. Default: 0. */
  readonly minimum?: number
  /** Maximum number of pairs. Default: 100. */
  readonly limit?: number
  /** Number of pairs to skip. Default: 0. */
  readonly offset?: number
}

/** Options of `testPatterns.search`. */
export interface SearchOptions extends TestPatternFilterOptions {
  /** Whether all words and phrases must match, or any. Default: `all`. */
  readonly matching?: Matching
  /** Maximum number of hits. Default: 10. */
  readonly limit?: number
  /** Number of hits to skip. Default: 0. */
  readonly offset?: number
}

/** A test pattern that matches a text search. */
export interface PatternHit {
  /** The pattern. */
  readonly pattern: TestPattern
  /** The BM25 score, above 0; comparable only within one search. */
  readonly score: number
  /** The matching fields. */
  readonly snippets: readonly Snippet[]
}

/** A test pattern that is similar to another. */
export interface SimilarTestPattern extends Similarity {
  /** The pattern. */
  readonly pattern: TestPattern
}

/** Options of `testPatterns.findNearest`. */
export interface NearestOptions extends TestPatternFilterOptions {
  /** The embedder whose vectors to search. */
  readonly embedder: string
  /** Maximum number of patterns. Default: 10. */
  readonly limit?: number
  /** Minimum cosine similarity, in [-1, 1]. Default: -1. */
  readonly minimum?: number
}

/** A test pattern whose embedding is near a vector. */
export interface NearPattern {
  /** The pattern. */
  readonly pattern: TestPattern
  /** The cosine similarity, in [-1, 1]. */
  readonly similarity: number
}

const SEARCH_FIELDS = [...FILTER_FIELDS, 'matching', 'limit', 'offset'] as const
export const NEAREST_FIELDS: readonly (keyof NearestOptions)[] = [...FILTER_FIELDS, 'embedder', 'limit', 'minimum']

/** The criteria and page of a list. @throws INVALID_ARGUMENT */
export function checkPage(options: ListTestPatternsOptions): [TestPatternCriteria, limit: number, offset: number] {
  const fields = [...FILTER_FIELDS, 'limit', 'offset'] as const
  const { limit = 100, offset = 0, ...filters } = checkOptions(options, 'the options', fields)
  const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
  return [checkFilters(filters), ...page]
}

/** The criteria and page of a report. @throws INVALID_ARGUMENT */
export function checkReport(
  options: ListReportsOptions,
): [framework: string | null, patternType: string | null, limit: number, offset: number] {
  const fields = ['framework', 'patternType', 'limit', 'offset'] as const
  const { limit = 100, offset = 0, ...filters } = checkOptions(options, 'the options', fields)
  const { framework, patternType } = checkFilters(filters)
  return [framework, patternType, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)]
}

/** The criteria and page of a list of pairs. @throws INVALID_ARGUMENT */
export function checkSimilarPairs(
  options: ListSimilarPairsOptions,
): [patternId: string | null, minimum: number, limit: number, offset: number] {
  const fields = ['patternId', 'minimum', 'limit', 'offset'] as const
  const { patternId, minimum = 0, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
  return [
    patternId === undefined ? null : checkName(patternId, 'patternId'),
    checkNumber(minimum, 'minimum', 0, 1),
    checkCount(limit, 'limit', 0),
    checkCount(offset, 'offset', 0),
  ]
}

/** @throws INVALID_ARGUMENT */
export function checkSearch(text: string, options: SearchOptions): TextSearch {
  if (typeof text !== 'string') throw invalid('text', 'a string', text)
  const { matching = 'all', limit = 10, offset = 0, ...filters } = checkOptions(options, 'the options', SEARCH_FIELDS)
  if (matching !== 'all' && matching !== 'any') throw invalid('matching', '"all" or "any"', matching)
  return {
    ...checkFilters(filters),
    text,
    matching,
    limit: checkCount(limit, 'limit', 0),
    offset: checkCount(offset, 'offset', 0),
  }
}

/** @throws INVALID_ARGUMENT */
export function checkNearest({ limit = 10, minimum = -1 }: NearestOptions): { limit: number; minimum: number } {
  return { limit: checkCount(limit, 'limit', 0), minimum: checkNumber(minimum, 'minimum', -1, 1) }
}
