import { checkList, checkName, checkOptions, invalid } from '../../checks.ts'
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
import { checkDirection } from '../vectors.ts'
import type { StoredTestPattern, TestPatternBank } from './bank.ts'
import type { Embedder, Embedding } from './embeddings.ts'
import { type CrossProjectMapping, checkShare, type ListMappingsOptions, type ShareOptions } from './mappings.ts'
import {
  checkPage,
  checkReport,
  checkSearch,
  checkSimilarPairs,
  type ListReportsOptions,
  type ListSimilarPairsOptions,
  type ListTestPatternsOptions,
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

/** The default minimum similarity of `saveSimilarPairs`. */
const SAVED_SIMILARITY = 0.7

/** Test patterns: reusable test templates with uses, statistics, similarities, and mappings to other frameworks. */
export class TestPatterns {
  readonly #core: Core
  readonly #bank: TestPatternBank
  readonly #reports: TestPatternReports

  constructor(core: Core, bank: TestPatternBank) {
    this.#core = core
    this.#bank = bank
    this.#reports = new TestPatternReports(core.connection)
  }

  /** Rebuilds the full-text index from the patterns. @returns the number of entries. */
  rebuildTextIndex(): number {
    return this.#core.transaction(() => this.#bank.search.rebuild())
  }

  /**
   * Adds a pattern, or updates the pattern with the same signature and framework: given fields replace the stored ones,
   * and the version is incremented if anything changes.
   *
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const add = { patternType: 'unit', framework: 'vitest', codeSignature: 'add(a, b)' } as const
   * await store.testPatterns.upsert({ ...add, testTemplate: 'expect(add(1, 2)).toBe(3)' })
   * const { isNew, version } = await store.testPatterns.upsert({ ...add, testTemplate: 'expect(add(0, 0)).toBe(0)' })
   * console.log(isNew, version) // false 1.0.1
   * await store.close()
   * ```
   */
  upsert(pattern: NewTestPattern): StoredTestPattern {
    return this.upsertMany([pattern])[0] as StoredTestPattern
  }

  /**
   * Adds or updates several patterns in one transaction: if one is invalid, none is stored.
   * @returns one result per pattern, in order. @throws INVALID_ARGUMENT
   */
  upsertMany(patterns: readonly NewTestPattern[]): StoredTestPattern[] {
    const checked = checkList(patterns, 'patterns').map((pattern) => this.#bank.check(pattern as NewTestPattern))
    return this.#core.transaction(() => checked.map((pattern) => this.#bank.upsert(pattern)))
  }

  /** Returns one pattern. @returns undefined if there is none with this id. @throws INVALID_ARGUMENT */
  get(id: string): TestPattern | undefined {
    const row = this.#bank.get(checkName(id, 'id'))
    return row && toTestPattern(row)
  }

  /** Returns a framework's pattern for this signature. @returns undefined if there is none. @throws INVALID_ARGUMENT */
  getBySignature(codeSignature: JsonValue, framework: string): TestPattern | undefined {
    const row = this.#bank.getBySignature(codeSignature, framework)
    return row && toTestPattern(row)
  }

  /**
   * Updates the given fields of a pattern and increments its version if anything changes. Another framework deletes its
   * mappings.
   * @returns the updated pattern; undefined if there is none with this id. @throws INVALID_ARGUMENT
   */
  update(id: string, changes: TestPatternChanges): TestPattern | undefined {
    const changed = this.#bank.changed(checkName(id, 'id'), changes)
    if (!changed) return undefined
    this.#core.transaction(() => this.#bank.update(changed))
    return toTestPattern(this.#bank.get(id) as TestPatternRow)
  }

  /**
   * Deletes a pattern with its uses, statistics, mappings, pairs and embeddings.
   * @returns false if there is none with this id. @throws INVALID_ARGUMENT
   */
  delete(id: string): boolean {
    checkName(id, 'id')
    return this.#core.transaction(() => this.#bank.remove(id))
  }

  /** Lists patterns that match the filters. @returns in the order of insertion. @throws INVALID_ARGUMENT */
  list(options: ListTestPatternsOptions = {}): TestPattern[] {
    return this.#bank.patterns.list(...checkPage(options)).map(toTestPattern)
  }

  /** Counts the patterns that match the filters. @throws INVALID_ARGUMENT */
  count(filters: TestPatternFilterOptions = {}): number {
    return this.#bank.patterns.count(checkFilters(checkOptions(filters, 'the filters', FILTER_FIELDS)))
  }

  /**
   * Searches name, description, tags, framework and type. Words are stemmed (Porter); `prefix*` and `"a phrase"` are
   * supported; operators are ordinary words, so no text is invalid. SQLite's stemmer truncates words with digits to
   * their first and last three characters, and words that are not English to their first and last ten.
   *
   * @returns best first, by BM25.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const parse = { patternType: 'unit', framework: 'jest', codeSignature: 'parse(text)', testTemplate: '' } as const
   * await store.testPatterns.upsert({ ...parse, metadata: { name: 'Rejects empty input' } })
   * const [hit] = await store.testPatterns.search('reject "empty input"')
   * console.log(hit?.pattern.metadata.name) // Rejects empty input
   * await store.close()
   * ```
   */
  search(text: string, options: SearchOptions = {}): PatternHit[] {
    const hits = this.#bank.search.find(checkSearch(text, options))
    return hits.map(({ patternId, score, snippets }) => ({ pattern: this.#existing(patternId), score, snippets }))
  }

  /**
   * Records a use of a pattern in a project. The trend compares the recent success rate (half-life 5 uses) with that of
   * all uses: `rising` and `declining` differ by more than 0.1.
   * @returns the statistics of all uses of the pattern. @throws INVALID_ARGUMENT
   */
  recordUse(use: TestPatternUse): PatternStatistics {
    const checked = checkUse(use)
    const { patternId, projectId, success, targetFramework } = checked
    const { framework: sourceFramework } = this.#bank.getExisting(patternId)
    const mapping = targetFramework === undefined ? undefined : { patternId, sourceFramework, targetFramework }
    if (mapping && !this.#bank.mappings.has(mapping)) {
      throw invalid('targetFramework', 'one that the pattern was shared with', targetFramework)
    }
    return this.#core.transaction(() => {
      if (mapping) this.#bank.mappings.addUse(mapping, projectId, success)
      return this.#bank.usages.add(checked)
    })
  }

  /** Lists the uses of a pattern by project. @returns sorted by project. @throws INVALID_ARGUMENT */
  listUsage(patternId: string): TestPatternUsage[] {
    return this.#bank.usages.of(checkName(patternId, 'patternId'))
  }

  /**
   * Returns the statistics of a pattern's uses.
   * @returns undefined if there is no such pattern. @throws INVALID_ARGUMENT
   */
  getStatistics(patternId: string): PatternStatistics | undefined {
    return this.#bank.usages.statistics(checkName(patternId, 'patternId'))
  }

  /** Returns statistics of all patterns together. */
  getBankStatistics(): BankNumbers {
    return this.#reports.numbers()
  }

  /**
   * Adds or updates the mapping of a pattern to another framework, with the projects that it is shared with. Fields
   * that are not given stay as they are.
   * @throws INVALID_ARGUMENT
   */
  shareAcrossProjects(patternId: string, options: ShareOptions): CrossProjectMapping {
    const { framework } = this.#bank.getExisting(patternId)
    const share = checkShare(options, framework)
    return this.#core.transaction(() => this.#bank.mappings.share(patternId, framework, share))
  }

  /** Lists mappings. @returns most compatible first, then most successful. @throws INVALID_ARGUMENT */
  listMappings(options: ListMappingsOptions = {}): CrossProjectMapping[] {
    return this.#bank.mappings.list(options)
  }

  /** Reports the uses of each pattern. @returns most used first. @throws INVALID_ARGUMENT */
  analytics(options: ListReportsOptions = {}): PatternAnalytics[] {
    return this.#reports.analytics(...checkReport(options))
  }

  /** Returns the statistics of each framework's patterns, sorted by framework. */
  getFrameworkStatistics(): FrameworkStatistics[] {
    return this.#reports.frameworks()
  }

  /**
   * Reports the measured quality of each pattern beside the quality that its metadata states.
   * @returns best measured quality first. @throws INVALID_ARGUMENT
   */
  qualityReport(options: ListReportsOptions = {}): PatternQuality[] {
    return this.#reports.quality(...checkReport(options))
  }

  /**
   * Finds the patterns that are most similar to a stored pattern, or to a given one. The similarity is the weighted
   * mean of the cosines of structure, identifiers and metadata as hashed TF-IDF vectors.
   * @param pattern the id of a stored pattern, or a pattern. @returns most similar first. @throws INVALID_ARGUMENT
   */
  findSimilar(pattern: string | NewTestPattern, options: FindSimilarOptions = {}): SimilarTestPattern[] {
    const query = checkSimilar(options, 0)
    const similar =
      typeof pattern === 'string'
        ? this.#bank.similarity.ofStored(this.#bank.getExisting(pattern).id, query)
        : this.#bank.similarity.of(this.#bank.check(pattern), query)
    return similar.map(({ id, ...similarity }) => ({ pattern: this.#existing(id), ...similarity }))
  }

  /**
   * Finds similar patterns and stores the pairs in the table `pattern_similarity_index`, for readers of the file. They
   * replace the pattern's earlier pairs. A change of either pattern deletes the pair.
   * @returns the stored pairs, most similar first. @throws INVALID_ARGUMENT
   */
  saveSimilarPairs(patternId: string, options: FindSimilarOptions = {}): SimilarPair[] {
    const query = checkSimilar(options, SAVED_SIMILARITY)
    const similar = this.#bank.similarity.ofStored(this.#bank.getExisting(patternId).id, query)
    this.#core.transaction(() => this.#bank.similarity.savePairs(patternId, similar))
    return this.listSimilarPairs({ patternId, limit: Math.max(similar.length, 1) })
  }

  /** Lists stored pairs of similar patterns. @returns most similar first. @throws INVALID_ARGUMENT */
  listSimilarPairs(options: ListSimilarPairsOptions = {}): SimilarPair[] {
    return this.#bank.similarity.pairs(...checkSimilarPairs(options))
  }

  /** Sets a pattern's embedding by an embedder, whose vectors all have the same dimension. @throws INVALID_ARGUMENT */
  setEmbedding(patternId: string, embedding: { embedder: string; vector: Float32Array | readonly number[] }): void {
    const given = checkOptions(embedding, 'an embedding', ['embedder', 'vector'])
    const embedder = checkName(given.embedder, 'embedder')
    const vector = checkDirection(given.vector)
    const { id } = this.#bank.getExisting(patternId)
    this.#bank.embeddings.checkDimension(embedder, vector)
    this.#core.transaction(() => this.#bank.embeddings.set(id, embedder, vector))
  }

  /** Returns a pattern's embedding by an embedder. @returns undefined if there is none. @throws INVALID_ARGUMENT */
  getEmbedding(patternId: string, embedder: string): Embedding | undefined {
    return this.#bank.embeddings.get(checkName(patternId, 'patternId'), checkName(embedder, 'embedder'))
  }

  /** Lists the embedders with stored vectors, sorted by name. */
  listEmbedders(): Embedder[] {
    return this.#bank.embeddings.embedders()
  }

  /** Deletes a pattern's embedding by an embedder. @returns false if there is none. @throws INVALID_ARGUMENT */
  deleteEmbedding(patternId: string, embedder: string): boolean {
    checkName(patternId, 'patternId')
    checkName(embedder, 'embedder')
    return this.#core.transaction(() => this.#bank.embeddings.remove(patternId, embedder))
  }

  /** Finds patterns with the nearest embeddings, by exact cosine. @returns nearest first. @throws INVALID_ARGUMENT */
  findNearest(vector: Float32Array | readonly number[], options: NearestOptions): NearPattern[] {
    return this.#bank
      .nearest(vector, options)
      .map(({ id, similarity }) => ({ pattern: this.#existing(id), similarity }))
  }

  #existing(id: string): TestPattern {
    return toTestPattern(this.#bank.getExisting(id))
  }
}
