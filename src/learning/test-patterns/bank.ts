import type { NearVector } from '../../algorithms/search/vectors.ts'
import { sha256 } from '../../algorithms/sha256.ts'
import { checkName, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type TestPatternRow, TestPatternsTable } from '../../tables/test-patterns.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { checkDirection } from '../vectors.ts'
import { TestPatternEmbeddings } from './embeddings.ts'
import { TestPatternMappings } from './mappings.ts'
import { checkNearest, NEAREST_FIELDS, type NearestOptions } from './queries.ts'
import { TestPatternSearch } from './search.ts'
import { TestPatternSimilarity } from './similarity.ts'
import {
  type CheckedPattern,
  checkFilters,
  checkFramework,
  checkTestPattern,
  type NewTestPattern,
  nextVersion,
  PATTERN_FIELDS,
  plainJson,
  type TestPatternChanges,
  toTestPattern,
} from './test-pattern.ts'
import { TestPatternUsages } from './usage.ts'

/** Result of `testPatterns.upsert`. */
export interface StoredTestPattern {
  /** The id of the new or updated pattern. */
  readonly id: string
  /** Whether a pattern was added. */
  readonly isNew: boolean
  /** The version of the pattern. */
  readonly version: string
}

/** A checked pattern to upsert; fields that were not given are undefined. */
interface CheckedUpsert extends CheckedPattern {
  readonly id: string | undefined
  readonly version: string | undefined
  readonly hasLanguage: boolean
  readonly hasMetadata: boolean
}

/** The test patterns, with the indexes and tables that must change with them. */
export class TestPatternBank {
  readonly patterns: TestPatternsTable
  readonly search: TestPatternSearch
  readonly usages: TestPatternUsages
  readonly mappings: TestPatternMappings
  readonly similarity: TestPatternSimilarity
  readonly embeddings: TestPatternEmbeddings
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
    this.patterns = new TestPatternsTable(core.connection)
    this.search = new TestPatternSearch(core)
    this.usages = new TestPatternUsages(core)
    this.mappings = new TestPatternMappings(core)
    this.similarity = new TestPatternSimilarity(core, this.patterns)
    this.embeddings = new TestPatternEmbeddings(core)
  }

  /** @throws INVALID_ARGUMENT */
  check(pattern: NewTestPattern): CheckedUpsert {
    const { id, version, ...rest } = checkOptions(pattern, 'a test pattern', PATTERN_FIELDS)
    return {
      ...checkTestPattern(rest),
      id: id === undefined ? undefined : checkName(id, 'id'),
      version: version === undefined ? undefined : checkName(version, 'version'),
      hasLanguage: rest.language !== undefined,
      hasMetadata: rest.metadata !== undefined,
    }
  }

  get(id: string): TestPatternRow | undefined {
    return this.patterns.get(id)
  }

  /** @throws INVALID_ARGUMENT if there is none with this id. */
  getExisting(id: string): TestPatternRow {
    const row = this.patterns.get(checkName(id, 'patternId'))
    if (!row) throw invalid('patternId', 'the id of a pattern', id)
    return row
  }

  /** @throws INVALID_ARGUMENT */
  getBySignature(codeSignature: JsonValue, framework: string): TestPatternRow | undefined {
    const hash = sha256(plainJson(codeSignature, 'codeSignature'))
    return this.patterns.bySignature(hash, checkFramework(framework, 'framework'))
  }

  /** Call it inside a transaction. @throws INVALID_ARGUMENT if another pattern has the id. */
  upsert({ id: givenId, version, hasLanguage, hasMetadata, ...pattern }: CheckedUpsert): StoredTestPattern {
    const known = this.patterns.bySignature(pattern.signatureHash, pattern.framework)
    if (known) {
      const language = hasLanguage ? pattern.language : known.language
      const metadata = hasMetadata ? pattern.metadata : known.metadata
      const row = this.#withVersion(known, { ...known, ...pattern, language, metadata }, version)
      this.update(row)
      return { id: row.id, isNew: false, version: row.version }
    }
    const id = givenId ?? this.#core.newId()
    if (this.patterns.get(id)) throw invalid('id', 'one that no other pattern has', id)
    const now = isoTime(this.#core.now())
    const row = { ...pattern, id, version: version ?? '1.0.0', createdAt: now, updatedAt: now }
    this.patterns.append(row)
    this.search.set(row)
    this.usages.addPattern(id)
    this.similarity.changed(id)
    return { id, isNew: true, version: row.version }
  }

  /** Adds a pattern of another store, unless this store has its id or signature. Call it inside a transaction. */
  addImported(row: TestPatternRow): StoredTestPattern {
    const known = this.patterns.get(row.id) ?? this.patterns.bySignature(row.signatureHash, row.framework)
    if (known) return { id: known.id, isNew: false, version: known.version }
    this.patterns.append(row)
    this.search.set(row)
    this.similarity.changed(row.id)
    return { id: row.id, isNew: true, version: row.version }
  }

  /** A pattern with these changes; undefined if there is none with this id. @throws INVALID_ARGUMENT */
  changed(id: string, changes: TestPatternChanges): TestPatternRow | undefined {
    const fields = PATTERN_FIELDS.filter((field) => field !== 'id')
    const { version, ...rest } = checkOptions(changes, 'the changes', fields)
    if (version !== undefined) checkName(version, 'version')
    const known = this.patterns.get(id)
    if (!known) return undefined
    const { patternType, framework, language, codeSignature, testTemplate, metadata } = toTestPattern(known)
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const whole = { patternType, framework, language, codeSignature, testTemplate, metadata, ...given }
    const row = { ...known, ...checkTestPattern(whole) }
    const other = this.patterns.bySignature(row.signatureHash, row.framework)
    if (other && other.id !== id) {
      throw invalid('codeSignature', `one that no other pattern of ${row.framework} has`, other.id)
    }
    return this.#withVersion(known, row, version)
  }

  /** Updates a pattern and its indexes, if it differs. Call it inside a transaction. */
  update(row: TestPatternRow): void {
    const known = this.patterns.get(row.id)
    if (!known || isSame(known, row)) return
    this.patterns.update(row)
    this.search.set(row)
    this.similarity.changed(row.id)
    if (known.framework !== row.framework) this.mappings.remove(row.id)
  }

  /** Call it inside a transaction. @returns false if there is none with this id. */
  remove(id: string): boolean {
    if (!this.patterns.remove(id)) return false
    this.search.remove(id)
    this.usages.remove(id)
    this.mappings.remove(id)
    this.similarity.changed(id)
    this.embeddings.removeAll(id)
    return true
  }

  /** @throws INVALID_ARGUMENT */
  nearest(vector: Float32Array | readonly number[], options: NearestOptions): NearVector[] {
    const { embedder, limit: _, minimum: __, ...filters } = checkOptions(options, 'the options', NEAREST_FIELDS)
    const { limit, minimum } = checkNearest(options)
    const { framework, patternType, language } = checkFilters(filters)
    const fits = (id: string): boolean => {
      if (framework === null && patternType === null && language === null) return true
      const row = this.patterns.get(id)
      return (
        row !== undefined &&
        (framework === null || row.framework === framework) &&
        (patternType === null || row.patternType === patternType) &&
        (language === null || row.language === language)
      )
    }
    return this.embeddings.nearest(checkDirection(vector), checkName(embedder, 'embedder'), limit, minimum, fits)
  }

  /** @param version Default: the next version if anything changes. */
  #withVersion(known: TestPatternRow, row: TestPatternRow, version: string | undefined): TestPatternRow {
    const updated = { ...row, version: version ?? known.version }
    if (isSame(known, updated)) return known
    return { ...updated, version: version ?? nextVersion(known.version), updatedAt: isoTime(this.#core.now()) }
  }
}

/** Ignores times. */
function isSame(a: TestPatternRow, b: TestPatternRow): boolean {
  return (
    a.patternType === b.patternType &&
    a.framework === b.framework &&
    a.language === b.language &&
    a.codeSignature === b.codeSignature &&
    a.testTemplate === b.testTemplate &&
    a.metadata === b.metadata &&
    a.version === b.version
  )
}
