import { patternFeatures } from '../../algorithms/search/pattern-features.ts'
import {
  type Parts,
  partsOf,
  SIMILARITY_WEIGHTS,
  SimilarityIndex,
  type SimilarityQuery,
  type SimilarityWeights,
  type SimilarPattern,
} from '../../algorithms/search/pattern-similarity.ts'
import { checkCount, checkNumber, checkOptions, invalid } from '../../checks.ts'
import { PatternSimilaritiesTable, type SimilarPair } from '../../tables/test-pattern-similarities.ts'
import type { TestPatternRow, TestPatternsTable } from '../../tables/test-patterns.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from '../incremental-index.ts'
import { checkFilters, FILTER_FIELDS, type TestPatternFilterOptions, toTestPattern } from './test-pattern.ts'

/** Options of `testPatterns.findSimilar` and `saveSimilarPairs`. */
export interface FindSimilarOptions extends TestPatternFilterOptions {
  /** Maximum number of patterns. Default: 10. */
  readonly limit?: number
  /** Minimum similarity, in [0, 1]. Default: 0, or 0.7 for `saveSimilarPairs`. */
  readonly minimum?: number
  /** The weight of each part; parts that are not given have the weight 0. Default: 0.4, 0.4 and 0.2. */
  readonly weights?: Partial<SimilarityWeights>
}

export type SimilarityLabel = Pick<TestPatternRow, 'framework' | 'patternType' | 'language'>
export type CheckedQuery = SimilarityQuery<SimilarityLabel>

const FIELDS = [...FILTER_FIELDS, 'limit', 'minimum', 'weights'] as const
/** The name of hashed TF-IDF in the table of pairs. */
const ALGORITHM = 'hybrid-tfidf'

/** @throws INVALID_ARGUMENT */
export function checkSimilar(options: FindSimilarOptions, defaultMinimum: number): CheckedQuery {
  const { limit = 10, minimum = defaultMinimum, weights, ...filters } = checkOptions(options, 'the options', FIELDS)
  const { framework, patternType, language } = checkFilters(filters)
  return {
    weights: weights === undefined ? SIMILARITY_WEIGHTS : checkWeights(weights),
    minimum: checkNumber(minimum, 'minimum', 0, 1),
    limit: checkCount(limit, 'limit', 0),
    fits: (label) =>
      (framework === null || label.framework === framework) &&
      (patternType === null || label.patternType === patternType) &&
      (language === null || label.language === language),
  }
}

/** Similarity of patterns, by an incremental index in memory, and the table of similar pairs. */
export class TestPatternSimilarity {
  readonly #core: Core
  readonly #index: IncrementalIndex<SimilarityIndex<SimilarityLabel>>
  readonly #pairs: PatternSimilaritiesTable

  constructor(core: Core, patterns: TestPatternsTable) {
    this.#core = core
    this.#pairs = new PatternSimilaritiesTable(core.connection)
    this.#index = new IncrementalIndex(core, {
      build: () => {
        const index = new SimilarityIndex<SimilarityLabel>()
        for (const row of patterns.all()) index.set(row.id, partsOfRow(row), labelOf(row))
        return index
      },
      refresh: (index, id) => {
        const row = patterns.get(id)
        if (row) index.set(id, partsOfRow(row), labelOf(row))
        else index.remove(id)
      },
    })
  }

  /** Updates the index after a change of a pattern and removes its pairs. Call it inside a transaction. */
  changed(patternId: string): void {
    this.#pairs.removeOf(patternId)
    this.#index.changed(patternId)
  }

  /** The patterns that are most similar to a stored one. */
  ofStored(patternId: string, query: CheckedQuery): SimilarPattern[] {
    const index = this.#index.current()
    const fits: CheckedQuery['fits'] = (label, id) => id !== patternId && query.fits(label, id)
    return index.nearest(index.partsOf(patternId) as Parts, { ...query, fits })
  }

  /** The patterns that are most similar to one that need not be stored. */
  of(row: Omit<TestPatternRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>, query: CheckedQuery): SimilarPattern[] {
    return this.#index.current().nearest(partsOfRow(row), query)
  }

  /** Replaces the pairs of a pattern. Call it inside a transaction. */
  savePairs(patternId: string, similar: readonly SimilarPattern[]): void {
    this.#pairs.removeOf(patternId)
    const lastComputed = isoTime(this.#core.now())
    for (const { id, ...similarity } of similar) {
      const [patternA, patternB] = id < patternId ? ([id, patternId] as const) : ([patternId, id] as const)
      this.#pairs.append({ patternA, patternB, ...similarity, algorithm: ALGORITHM, lastComputed })
    }
  }

  pairs(patternId: string | null, minimum: number, limit: number, offset: number): SimilarPair[] {
    return this.#pairs.list(patternId, minimum, limit, offset)
  }
}

function partsOfRow(row: Omit<TestPatternRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>): Parts {
  return partsOf(patternFeatures(toTestPattern({ ...row, id: '', version: '', createdAt: '', updatedAt: '' })))
}

function labelOf({ framework, patternType, language }: SimilarityLabel): SimilarityLabel {
  return { framework, patternType, language }
}

function checkWeights(weights: Partial<SimilarityWeights>): SimilarityWeights {
  const given = checkOptions(weights, 'weights', ['structure', 'identifiers', 'metadata'])
  const { structure = 0, identifiers = 0, metadata = 0 } = given
  for (const [part, weight] of Object.entries({ structure, identifiers, metadata })) {
    checkNumber(weight, `weights.${part}`, 0, 1)
  }
  if (structure + identifiers + metadata === 0) throw invalid('weights', 'above 0 for at least one part', 0)
  return { structure, identifiers, metadata }
}
