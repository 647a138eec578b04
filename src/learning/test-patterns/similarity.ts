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
import { sqlTime } from '../../tables/sql-time.ts'
import { PatternSimilaritiesTable, type SimilarPair } from '../../tables/test-pattern-similarities.ts'
import type { TestPatternRow, TestPatternsTable } from '../../tables/test-patterns.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from './incremental-index.ts'
import { checkFilters, FILTER_FIELDS, type TestPatternFilterOptions, toTestPattern } from './test-pattern.ts'

export interface FindSimilarOptions extends TestPatternFilterOptions {
  /** 10 unless given. */
  readonly limit?: number
  /** The least similarity, in [0, 1]; 0 unless given. */
  readonly minimum?: number
  /** How much each part counts; 0.4, 0.4 and 0.2 unless given, and 0 for what is left out. */
  readonly weights?: Partial<SimilarityWeights>
}

export type SimilarityLabel = Pick<TestPatternRow, 'framework' | 'patternType' | 'language'>
export type CheckedQuery = SimilarityQuery<SimilarityLabel>

const FIELDS = [...FILTER_FIELDS, ...(['limit', 'minimum', 'weights'] as const)]
/** What the pairs in the table were computed by: hashed TF-IDF, with the usual weights. */
const ALGORITHM = 'hybrid-tfidf'

/** @throws INVALID_ARGUMENT */
export function checkSimilar(options: FindSimilarOptions, leastSimilar: number): CheckedQuery {
  const { limit = 10, minimum = leastSimilar, weights, ...filters } = checkOptions(options, 'the options', FIELDS)
  const { framework, patternType, language } = checkFilters(filters)
  return {
    weights: weights === undefined ? SIMILARITY_WEIGHTS : checkWeights(weights),
    minimum: checkNumber(minimum, 'minimum', 0, 1),
    most: checkCount(limit, 'limit', 0),
    fits: (label) =>
      (framework === null || label.framework === framework) &&
      (patternType === null || label.patternType === patternType) &&
      (language === null || label.language === language),
  }
}

/** Which patterns are alike. The index is in memory, follows every change, and is made when it is first asked. */
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
      reread: (index, id) => {
        const row = patterns.get(id)
        if (row) index.set(id, partsOfRow(row), labelOf(row))
        else index.remove(id)
      },
    })
  }

  /** Inside a transaction: the pattern is not what it was, so pairs with it are true no longer. */
  changed(patternId: string): void {
    this.#pairs.removeOf(patternId)
    this.#index.changed(patternId)
  }

  /** The patterns most similar to one of the store. */
  ofStored(patternId: string, query: CheckedQuery): SimilarPattern[] {
    const index = this.#index.current()
    const fits: CheckedQuery['fits'] = (label, id) => id !== patternId && query.fits(label, id)
    return index.nearest(index.partsOf(patternId) as Parts, { ...query, fits })
  }

  /** The patterns most similar to one that need not be stored. */
  of(row: Omit<TestPatternRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>, query: CheckedQuery): SimilarPattern[] {
    return this.#index.current().nearest(partsOfRow(row), query)
  }

  /** Inside a transaction: the pairs of a pattern in the table are these. */
  keep(patternId: string, similar: readonly SimilarPattern[]): void {
    this.#pairs.removeOf(patternId)
    const lastComputed = sqlTime(this.#core.now())
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
