import type { NearVector } from '../../algorithms/search/vectors.ts'
import { sha256 } from '../../algorithms/sha256.ts'
import { checkName, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { type TestPatternRow, TestPatternsTable } from '../../tables/test-patterns.ts'
import type { Core } from '../core/core.ts'
import { checkVector, TestPatternEmbeddings } from './embeddings.ts'
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

/** What became of a pattern that was stored. */
export interface StoredTestPattern {
  /** That of the pattern that was there, where there was one. */
  readonly id: string
  /** Whether its framework had no pattern for this signature. */
  readonly isNew: boolean
  readonly version: string
}

/** A pattern to store, as it was checked; what was not told is undefined. */
interface CheckedNew extends CheckedPattern {
  readonly id: string | undefined
  readonly version: string | undefined
  readonly isLanguageTold: boolean
  readonly isMetadataTold: boolean
}

/** The patterns and everything that must change with them. */
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
  check(pattern: NewTestPattern): CheckedNew {
    const { id, version, ...rest } = checkOptions(pattern, 'a test pattern', PATTERN_FIELDS)
    return {
      ...checkTestPattern(rest),
      id: id === undefined ? undefined : checkName(id, 'id'),
      version: version === undefined ? undefined : checkName(version, 'version'),
      isLanguageTold: rest.language !== undefined,
      isMetadataTold: rest.metadata !== undefined,
    }
  }

  get(id: string): TestPatternRow | undefined {
    return this.patterns.get(id)
  }

  /** @throws INVALID_ARGUMENT where there is none. */
  known(id: string): TestPatternRow {
    const row = this.patterns.get(checkName(id, 'patternId'))
    if (!row) throw invalid('patternId', 'the id of a pattern', id)
    return row
  }

  /** @throws INVALID_ARGUMENT */
  forSignature(codeSignature: JsonValue, framework: string): TestPatternRow | undefined {
    const hash = sha256(plainJson(codeSignature, 'codeSignature'))
    return this.patterns.bySignature(hash, checkFramework(framework, 'framework'))
  }

  /** Inside a transaction. @throws INVALID_ARGUMENT where another pattern has the id. */
  store({ id: wanted, version, isLanguageTold, isMetadataTold, ...told }: CheckedNew): StoredTestPattern {
    const known = this.patterns.bySignature(told.signatureHash, told.framework)
    if (known) {
      const language = isLanguageTold ? told.language : known.language
      const metadata = isMetadataTold ? told.metadata : known.metadata
      const row = this.#withVersion(known, { ...known, ...told, language, metadata }, version)
      this.update(row)
      return { id: row.id, isNew: false, version: row.version }
    }
    const id = wanted ?? this.#core.newId()
    if (this.patterns.get(id)) throw invalid('id', 'one that no other pattern has', id)
    const now = sqlTime(this.#core.now())
    const row = { ...told, id, version: version ?? '1.0.0', createdAt: now, updatedAt: now }
    this.patterns.append(row)
    this.search.keep(row)
    this.usages.begin(id)
    this.similarity.changed(id)
    return { id, isNew: true, version: row.version }
  }

  /**
   * Inside a transaction: takes in a pattern of another store, with its id and times, unless its id or its signature is here. Answers
   * the id under which it is here, and whether it is new.
   */
  adopt(told: CheckedPattern & Pick<TestPatternRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>): StoredTestPattern {
    const known = this.patterns.get(told.id) ?? this.patterns.bySignature(told.signatureHash, told.framework)
    if (known) return { id: known.id, isNew: false, version: known.version }
    this.patterns.append(told)
    this.search.keep(told)
    this.similarity.changed(told.id)
    return { id: told.id, isNew: true, version: told.version }
  }

  /** A pattern with these changes; undefined where there is none. @throws INVALID_ARGUMENT */
  changed(id: string, changes: TestPatternChanges): TestPatternRow | undefined {
    const fields = PATTERN_FIELDS.filter((field) => field !== 'id')
    const { version, ...told } = checkOptions(changes, 'the changes', fields)
    if (version !== undefined) checkName(version, 'version')
    const known = this.patterns.get(id)
    if (!known) return undefined
    const { patternType, framework, language, codeSignature, testTemplate, metadata } = toTestPattern(known)
    const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
    const whole = { patternType, framework, language, codeSignature, testTemplate, metadata, ...given }
    const row = { ...known, ...checkTestPattern(whole) }
    const other = this.patterns.bySignature(row.signatureHash, row.framework)
    if (other && other.id !== id) {
      throw invalid('codeSignature', `one that no other pattern of ${row.framework} has`, other.id)
    }
    return this.#withVersion(known, row, version)
  }

  /** Inside a transaction: the pattern is this, and found by what it is now. Nothing is written where it was this before. */
  update(row: TestPatternRow): void {
    const known = this.patterns.get(row.id)
    if (!known || isSame(known, row)) return
    this.patterns.update(row)
    this.search.keep(row)
    this.similarity.changed(row.id)
    if (known.framework !== row.framework) this.mappings.remove(row.id)
  }

  /** Inside a transaction. Answers whether there was one. */
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
    const { most, minimum } = checkNearest(options)
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
    return this.embeddings.nearest(checkVector(vector), checkName(embedder, 'embedder'), most, minimum, fits)
  }

  /** @param version as it was told, else one higher than before where anything changes. */
  #withVersion(known: TestPatternRow, row: TestPatternRow, version: string | undefined): TestPatternRow {
    const told = { ...row, version: version ?? known.version }
    if (isSame(known, told)) return known
    return { ...told, version: version ?? nextVersion(known.version), updatedAt: sqlTime(this.#core.now()) }
  }
}

/** But for the time of the last change. */
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
