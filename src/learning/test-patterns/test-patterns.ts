import { checkCount, checkList, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import {
  type BankNumbers,
  type FrameworkStatistics,
  type PatternAnalytics,
  type PatternQuality,
  TestPatternReports,
} from '../../tables/test-pattern-reports.ts'
import type { SimilarPair } from '../../tables/test-pattern-similarities.ts'
import type { PatternStatistics } from '../../tables/test-pattern-stats.ts'
import type { TestPatternUsage } from '../../tables/test-pattern-usage.ts'
import type { TestPatternRow } from '../../tables/test-patterns.ts'
import type { Core } from '../core/core.ts'
import type { StoredTestPattern, TestPatternBank } from './bank.ts'
import { checkVector, type Embedder, type Embedding } from './embeddings.ts'
import { type CrossProjectMapping, checkShare, type ListMappingsOptions, type ShareOptions } from './mappings.ts'
import {
  checkSearch,
  type NearestOptions,
  type NearPattern,
  type PatternHit,
  type SearchOptions,
  type SimilarTestPattern,
} from './queries.ts'
import { checkSimilar, type FindSimilarOptions } from './similarity.ts'
import {
  checkFilters,
  FILTER_FIELDS,
  type NewTestPattern,
  type TestPattern,
  type TestPatternChanges,
  type TestPatternFilterOptions,
  toTestPattern,
} from './test-pattern.ts'
import { checkUse, type TestPatternUse } from './usage.ts'

export interface ListTestPatternsOptions extends TestPatternFilterOptions {
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** Which reports to answer; all of these hold for each. */
export type ListReportsOptions = Omit<ListTestPatternsOptions, 'language'>

/** Which pairs to answer; all of these hold for each. */
export interface ListSimilarPairsOptions {
  readonly patternId?: string
  /** The least similarity, in [0, 1]; 0 unless given. */
  readonly minimum?: number
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** What `saveSimilarPairs` keeps unless told otherwise. */
const WORTH_KEEPING = 0.7

/** Tests to write again: what they test, how they did, what they are like, and how they fit other frameworks. */
export class TestPatterns {
  readonly #core: Core
  readonly #bank: TestPatternBank
  readonly #reports: TestPatternReports

  constructor(core: Core, bank: TestPatternBank) {
    this.#core = core
    this.#bank = bank
    this.#reports = new TestPatternReports(core.connection)
  }

  /** The text index agrees with the patterns afterwards, whatever was wrong with it. Answers how many entries it has. */
  rebuildTextIndex(): number {
    return this.#core.transaction(() => this.#bank.search.rebuild())
  }

  /**
   * Stores a pattern, or where its framework has one for this signature already, brings that one up to date: what is told
   * replaces what was, and its version is raised where anything changes. @throws INVALID_ARGUMENT, also for the id of another
   */
  upsert(pattern: NewTestPattern): StoredTestPattern {
    return this.upsertMany([pattern])[0] as StoredTestPattern
  }

  /** Stores all of them or, when one is refused, none. @throws INVALID_ARGUMENT */
  upsertMany(patterns: readonly NewTestPattern[]): StoredTestPattern[] {
    const checked = checkList(patterns, 'patterns').map((pattern) => this.#bank.check(pattern as NewTestPattern))
    return this.#core.transaction(() => checked.map((pattern) => this.#bank.store(pattern)))
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT */
  get(id: string): TestPattern | undefined {
    const row = this.#bank.get(checkName(id, 'id'))
    return row && toTestPattern(row)
  }

  /** The pattern of a framework for code with this signature. @throws INVALID_ARGUMENT */
  getBySignature(codeSignature: JsonValue, framework: string): TestPattern | undefined {
    const row = this.#bank.forSignature(codeSignature, framework)
    return row && toTestPattern(row)
  }

  /**
   * Changes what is told and raises the version where that changes anything; another framework ends its mappings. Answers the
   * pattern, or undefined where there is none. @throws INVALID_ARGUMENT, also where another pattern has the signature
   */
  update(id: string, changes: TestPatternChanges): TestPattern | undefined {
    const changed = this.#bank.changed(checkName(id, 'id'), changes)
    if (!changed) return undefined
    this.#core.transaction(() => this.#bank.update(changed))
    return toTestPattern(this.#bank.get(id) as TestPatternRow)
  }

  /** Removes the pattern with all that is kept of it. Answers whether there was one. */
  delete(id: string): boolean {
    checkName(id, 'id')
    return this.#core.transaction(() => this.#bank.remove(id))
  }

  /** In the order in which they were stored. @throws INVALID_ARGUMENT */
  list(options: ListTestPatternsOptions = {}): TestPattern[] {
    const fields = [...FILTER_FIELDS, ...(['limit', 'offset'] as const)]
    const { limit = 100, offset = 0, ...filters } = checkOptions(options, 'the options', fields)
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    return this.#bank.patterns.list(checkFilters(filters), ...page).map(toTestPattern)
  }

  /** @throws INVALID_ARGUMENT */
  count(filters: TestPatternFilterOptions = {}): number {
    return this.#bank.patterns.count(checkFilters(checkOptions(filters, 'the filters', [...FILTER_FIELDS])))
  }

  /**
   * Searches name, description, tags, framework and type; the best first, by BM25. Words are stemmed; `begin*` and
   * `"some words"` are understood, operators are words like all others, so no text is refused. SQLite keeps of words with
   * digits only their first and last three characters, and of others that are no English the first and last ten.
   * @throws INVALID_ARGUMENT for options
   */
  search(text: string, options: SearchOptions = {}): PatternHit[] {
    const found = this.#bank.search.find(checkSearch(text, options))
    return found.map(({ patternId, score, snippets }) => ({ pattern: this.#existing(patternId), score, snippets }))
  }

  /**
   * Counts a use in a project, and answers what all uses of the pattern come to. Its trend compares the success rate of
   * recent uses, in which one counts half of the one five uses later, with that of all: `rising` and `declining` are more
   * than 0.1 off. @throws INVALID_ARGUMENT, also where there is no such pattern, or no mapping to the framework
   */
  recordUse(use: TestPatternUse): PatternStatistics {
    const checked = checkUse(use)
    const { patternId, projectId, success, targetFramework } = checked
    const { framework: sourceFramework } = this.#bank.known(patternId)
    const mapping = targetFramework === undefined ? undefined : { patternId, sourceFramework, targetFramework }
    if (mapping && !this.#bank.mappings.has(mapping)) {
      throw invalid('targetFramework', 'one that the pattern was shared with', targetFramework)
    }
    return this.#core.transaction(() => {
      if (mapping) this.#bank.mappings.addUse(mapping, projectId, success)
      return this.#bank.usages.add(checked)
    })
  }

  /** How a pattern did in each project, by project. */
  listUsage(patternId: string): TestPatternUsage[] {
    return this.#bank.usages.of(checkName(patternId, 'patternId'))
  }

  /** What the uses of a pattern come to; undefined where there is no such pattern. */
  getStatistics(patternId: string): PatternStatistics | undefined {
    return this.#bank.usages.statistics(checkName(patternId, 'patternId'))
  }

  /** The whole bank in numbers. */
  getBankStatistics(): BankNumbers {
    return this.#reports.numbers()
  }

  /**
   * Says how a pattern fits another framework, and with which projects it is shared. What is left out stays as it was.
   * @throws INVALID_ARGUMENT, also where there is no such pattern
   */
  shareAcrossProjects(patternId: string, options: ShareOptions): CrossProjectMapping {
    const { framework } = this.#bank.known(patternId)
    const share = checkShare(options, framework)
    return this.#core.transaction(() => this.#bank.mappings.share(patternId, framework, share))
  }

  /** The most compatible first, then the most successful. @throws INVALID_ARGUMENT */
  listMappings(options: ListMappingsOptions = {}): CrossProjectMapping[] {
    return this.#bank.mappings.list(options)
  }

  /** How each pattern did, the most used first. @throws INVALID_ARGUMENT */
  analytics(options: ListReportsOptions = {}): PatternAnalytics[] {
    return this.#reports.analytics(...checkReport(options))
  }

  /** How the patterns of each framework did, by framework. */
  getFrameworkStatistics(): FrameworkStatistics[] {
    return this.#reports.frameworks()
  }

  /** What was measured of each pattern beside what its metadata states, the best rated first. @throws INVALID_ARGUMENT */
  qualityReport(options: ListReportsOptions = {}): PatternQuality[] {
    return this.#reports.quality(...checkReport(options))
  }

  /**
   * The patterns most like one of the store, or like one that is told: the weighted mean of the cosines of their structure,
   * their identifiers and their metadata as hashed TF-IDF vectors. @throws INVALID_ARGUMENT, also for an id without a pattern
   */
  findSimilar(pattern: string | NewTestPattern, options: FindSimilarOptions = {}): SimilarTestPattern[] {
    const query = checkSimilar(options, 0)
    const similar =
      typeof pattern === 'string'
        ? this.#bank.similarity.ofStored(this.#bank.known(pattern).id, query)
        : this.#bank.similarity.of(this.#bank.check(pattern), query)
    return similar.map(({ id, ...similarity }) => ({ pattern: this.#existing(id), ...similarity }))
  }

  /**
   * Finds what is similar, at least 0.7 unless told, and keeps the pairs in `pattern_similarity_index` for whoever reads the
   * file, in place of the pairs that the pattern had. A change of either pattern removes a pair. @throws INVALID_ARGUMENT
   */
  saveSimilarPairs(patternId: string, options: FindSimilarOptions = {}): SimilarPair[] {
    const query = checkSimilar(options, WORTH_KEEPING)
    const similar = this.#bank.similarity.ofStored(this.#bank.known(patternId).id, query)
    this.#core.transaction(() => this.#bank.similarity.keep(patternId, similar))
    return this.listSimilarPairs({ patternId, limit: Math.max(similar.length, 1) })
  }

  /** The pairs that were kept, the most similar first. @throws INVALID_ARGUMENT */
  listSimilarPairs(options: ListSimilarPairsOptions = {}): SimilarPair[] {
    const fields = ['patternId', 'minimum', 'limit', 'offset'] as const
    const { patternId, minimum = 0, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    return this.#bank.similarity.pairs(
      patternId === undefined ? null : checkName(patternId, 'patternId'),
      checkNumber(minimum, 'minimum', 0, 1),
      checkCount(limit, 'limit', 0),
      checkCount(offset, 'offset', 0),
    )
  }

  /**
   * Persists a vector that the caller computed, one for each pattern and embedder. @throws INVALID_ARGUMENT, also where there is
   * no such pattern, or the embedder's other vectors have another dimension
   */
  setEmbedding(patternId: string, embedding: { embedder: string; vector: Float32Array | readonly number[] }): void {
    const given = checkOptions(embedding, 'an embedding', ['embedder', 'vector'])
    const embedder = checkName(given.embedder, 'embedder')
    const vector = checkVector(given.vector)
    const { id } = this.#bank.known(patternId)
    this.#bank.embeddings.checkDimension(embedder, vector)
    this.#core.transaction(() => this.#bank.embeddings.set(id, embedder, vector))
  }

  /** The vector of a pattern by this embedder; undefined where there is none. @throws INVALID_ARGUMENT */
  getEmbedding(patternId: string, embedder: string): Embedding | undefined {
    return this.#bank.embeddings.get(checkName(patternId, 'patternId'), checkName(embedder, 'embedder'))
  }

  /** The embedders whose vectors are kept, by name. */
  listEmbedders(): Embedder[] {
    return this.#bank.embeddings.embedders()
  }

  /** Answers whether there was one. */
  deleteEmbedding(patternId: string, embedder: string): boolean {
    const [id, name] = [checkName(patternId, 'patternId'), checkName(embedder, 'embedder')]
    return this.#core.transaction(() => this.#bank.embeddings.remove(id, name))
  }

  /**
   * The patterns whose vectors are nearest, by their exact cosine. @throws INVALID_ARGUMENT, also where the vectors that are
   * kept are of other embedders or of another dimension
   */
  findNearest(vector: Float32Array | readonly number[], options: NearestOptions): NearPattern[] {
    return this.#bank
      .nearest(vector, options)
      .map(({ id, similarity }) => ({ pattern: this.#existing(id), similarity }))
  }

  #existing(id: string): TestPattern {
    return toTestPattern(this.#bank.known(id))
  }
}

function checkReport(options: ListReportsOptions): [string | null, string | null, number, number] {
  const fields = ['framework', 'patternType', 'limit', 'offset'] as const
  const { limit = 100, offset = 0, ...filters } = checkOptions(options, 'the options', fields)
  const { framework, patternType } = checkFilters(filters)
  return [framework, patternType, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)]
}
