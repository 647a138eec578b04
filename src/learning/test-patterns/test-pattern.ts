import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { sha256 } from '../../algorithms/sha256.ts'
import { checkList, checkName, checkNumber, checkOneOf, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { TestPatternCriteria, TestPatternRow } from '../../tables/test-patterns.ts'

export const PATTERN_TYPES = [
  'edge-case',
  'integration',
  'boundary',
  'error-handling',
  'unit',
  'e2e',
  'performance',
  'security',
  'accessibility',
  'regression',
] as const
export const TEST_FRAMEWORKS = [
  'jest',
  'mocha',
  'cypress',
  'vitest',
  'playwright',
  'ava',
  'tape',
  'jasmine',
  'qunit',
] as const
export const TEST_LANGUAGES = ['typescript', 'javascript', 'tsx', 'jsx'] as const

/** What a test pattern is for. @useDeclaredType */
export type PatternType = (typeof PATTERN_TYPES)[number]
/** For which framework a test pattern is. @useDeclaredType */
export type TestFramework = (typeof TEST_FRAMEWORKS)[number]
/** In which language a test pattern is written. @useDeclaredType */
export type TestLanguage = (typeof TEST_LANGUAGES)[number]

/** Metadata of a test pattern. It may have other fields of plain data. */
export interface TestPatternMetadata {
  /** The name of the pattern. */
  readonly name?: string
  /** A description of the pattern. */
  readonly description?: string
  /** Tags of the pattern. */
  readonly tags?: readonly string[]
  /** Quality as stated by the author, each in [0, 1]. */
  readonly quality?: {
    readonly coverage?: number
    readonly maintainability?: number
    readonly reliability?: number
  }
  readonly [other: string]: JsonValue | undefined
}

/** A reusable test template. Plain data is returned with sorted names. */
export interface TestPattern {
  /** The id of the pattern. */
  readonly id: string
  /** The kind of test. */
  readonly patternType: PatternType
  /** The framework of the test. */
  readonly framework: TestFramework
  /** The language of the test. */
  readonly language: TestLanguage
  /** The signature of the code under test. There is one pattern per signature and framework. */
  readonly codeSignature: JsonValue
  /** The SHA-256 of the signature's JSON with sorted names. */
  readonly signatureHash: string
  /** The template of the test. */
  readonly testTemplate: JsonValue
  /** Name, description, tags and other metadata. */
  readonly metadata: TestPatternMetadata
  /** The version of the pattern, for example `1.0.3`. */
  readonly version: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
}

/** A test pattern to store. */
export interface NewTestPattern {
  /** The id of a new pattern. Default: a new UUID v7. */
  readonly id?: string
  /** The kind of test. */
  readonly patternType: PatternType
  /** The framework of the test. */
  readonly framework: TestFramework
  /** The language of the test. Default: `typescript`; unchanged for an existing pattern. */
  readonly language?: TestLanguage
  /** The signature of the code under test. */
  readonly codeSignature: JsonValue
  /** The template of the test. */
  readonly testTemplate: JsonValue
  /** Metadata. Default: `{}`; unchanged for an existing pattern. */
  readonly metadata?: TestPatternMetadata
  /** The version. Default: `1.0.0`; the next version for a pattern that changes. */
  readonly version?: string
}

/** Changes of a test pattern. Fields that are not given stay as they are. */
export type TestPatternChanges = Partial<Omit<NewTestPattern, 'id'>>

/** Filters of test patterns; all given filters must match. */
export interface TestPatternFilterOptions {
  /** Only patterns of this framework. */
  readonly framework?: TestFramework
  /** Only patterns of this kind. */
  readonly patternType?: PatternType
  /** Only patterns in this language. */
  readonly language?: TestLanguage
}

export const FILTER_FIELDS = ['framework', 'patternType', 'language'] as const
export const PATTERN_FIELDS = [
  'id',
  'patternType',
  'framework',
  'language',
  'codeSignature',
  'testTemplate',
  'metadata',
  'version',
] as const

/** A row without the fields that the store adds. */
export type CheckedPattern = Omit<TestPatternRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>

/** @throws INVALID_ARGUMENT */
export function checkTestPattern(pattern: Omit<NewTestPattern, 'id' | 'version'>): CheckedPattern {
  const { patternType, framework, language = 'typescript', metadata = {} } = pattern
  const codeSignature = plainJson(pattern.codeSignature, 'codeSignature')
  return {
    patternType: checkOneOf(patternType, 'patternType', PATTERN_TYPES),
    framework: checkOneOf(framework, 'framework', TEST_FRAMEWORKS),
    language: checkOneOf(language, 'language', TEST_LANGUAGES),
    signatureHash: sha256(codeSignature),
    codeSignature,
    testTemplate: plainJson(pattern.testTemplate, 'testTemplate'),
    metadata: plainJson(checkMetadata(metadata), 'metadata'),
  }
}

/** @throws INVALID_ARGUMENT */
export function checkFilters({ framework, patternType, language }: TestPatternFilterOptions): TestPatternCriteria {
  return {
    framework: framework === undefined ? null : checkOneOf(framework, 'framework', TEST_FRAMEWORKS),
    patternType: patternType === undefined ? null : checkOneOf(patternType, 'patternType', PATTERN_TYPES),
    language: language === undefined ? null : checkOneOf(language, 'language', TEST_LANGUAGES),
  }
}

/** @throws INVALID_ARGUMENT */
export function checkFramework(value: unknown, what: string): TestFramework {
  return checkOneOf(value, what, TEST_FRAMEWORKS)
}

/** Plain data as JSON with sorted names. @throws INVALID_ARGUMENT */
export function plainJson(value: JsonValue, what: string): string {
  if (value === undefined) throw invalid(what, 'plain data', value)
  keyOf(value, what)
  return JSON.stringify(canonical(value))
}

export function toTestPattern(row: TestPatternRow): TestPattern {
  return {
    id: row.id,
    patternType: row.patternType as PatternType,
    framework: row.framework as TestFramework,
    language: row.language as TestLanguage,
    codeSignature: JSON.parse(row.codeSignature) as JsonValue,
    signatureHash: row.signatureHash,
    testTemplate: JSON.parse(row.testTemplate) as JsonValue,
    metadata: JSON.parse(row.metadata) as TestPatternMetadata,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Increments the last number of a version: `1.0.9` becomes `1.0.10`, `beta` becomes `beta.1`. */
export function nextVersion(version: string): string {
  const [, before = '', last = ''] = /^(.*?)(\d+)$/s.exec(version) ?? []
  return last === '' ? `${version}.1` : `${before}${BigInt(last) + 1n}`
}

function checkMetadata(metadata: TestPatternMetadata): TestPatternMetadata {
  checkOptions(metadata, 'metadata', Object.keys(metadata ?? {}))
  const { name, description, tags = [], quality = {} } = metadata
  for (const [what, text] of Object.entries({ name, description })) {
    if (text !== undefined && text !== '') checkName(text, `metadata.${what}`)
  }
  for (const tag of checkList(tags, 'metadata.tags')) checkName(tag, 'a tag')
  const measured = checkOptions(quality, 'metadata.quality', ['coverage', 'maintainability', 'reliability'])
  for (const [what, value] of Object.entries(measured)) {
    if (value !== undefined) checkNumber(value, `metadata.quality.${what}`, 0, 1)
  }
  return metadata
}
