import type { Similarity } from '../../algorithms/search/pattern-similarity.ts'
import type { Matching } from '../../algorithms/search/text-query.ts'
import { checkCount, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { Snippet, TextSearch } from './search.ts'
import { checkFilters, FILTER_FIELDS, type TestPattern, type TestPatternFilterOptions } from './test-pattern.ts'

export interface SearchOptions extends TestPatternFilterOptions {
  /** Whether all words and phrases must be there, or any; `all` unless given. */
  readonly matching?: Matching
  /** 10 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** A pattern that was searched for. */
export interface PatternHit {
  readonly pattern: TestPattern
  /** By BM25, above 0; it compares hits of one search only. */
  readonly score: number
  /** The fields with hits in them. */
  readonly snippets: readonly Snippet[]
}

export interface SimilarTestPattern extends Similarity {
  readonly pattern: TestPattern
}

export interface NearestOptions extends TestPatternFilterOptions {
  readonly embedder: string
  /** 10 unless given. */
  readonly limit?: number
  /** The least cosine, in [-1, 1]; -1 unless given. */
  readonly minimum?: number
}

/** A test pattern whose vector is near. */
export interface NearPattern {
  readonly pattern: TestPattern
  /** The cosine, in [-1, 1]. */
  readonly similarity: number
}

const SEARCH_FIELDS = [...FILTER_FIELDS, ...(['matching', 'limit', 'offset'] as const)]
export const NEAREST_FIELDS: readonly (keyof NearestOptions)[] = [
  ...FILTER_FIELDS,
  ...(['embedder', 'limit', 'minimum'] as const),
]

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
export function checkNearest({ limit = 10, minimum = -1 }: NearestOptions): { most: number; minimum: number } {
  return { most: checkCount(limit, 'limit', 0), minimum: checkNumber(minimum, 'minimum', -1, 1) }
}
