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

/** What is said of a pattern; other plain data may stand beside it. */
export interface TestPatternMetadata {
  readonly name?: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** What its author leases, each in [0, 1]. */
  readonly quality?: {
    readonly coverage?: number
    readonly maintainability?: number
    readonly reliability?: number
  }
  readonly [other: string]: JsonValue | undefined
}

/** A test to write again. Plain data comes back with its names sorted. */
export interface TestPattern {
  readonly id: string
  readonly patternType: PatternType
  readonly framework: TestFramework
  readonly language: TestLanguage
  /** What the code to be tested looks like. There is one pattern for each signature and framework. */
  readonly codeSignature: JsonValue
  /** The SHA-256 of the signature's JSON with sorted names. */
  readonly signatureHash: string
  readonly testTemplate: JsonValue
  readonly metadata: TestPatternMetadata
  readonly version: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly createdAt: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly updatedAt: string
}

/** A pattern to store. */
export interface NewTestPattern {
  /** Made where it is not told. */
  readonly id?: string
  readonly patternType: PatternType
  readonly framework: TestFramework
  /** `typescript` unless given. */
  readonly language?: TestLanguage
  readonly codeSignature: JsonValue
  readonly testTemplate: JsonValue
  readonly metadata?: TestPatternMetadata
  /** `1.0.0` unless given, and of a pattern that changes the next one. */
  readonly version?: string
}

/** What may be changed of a pattern; what is left out stays. */
export type TestPatternChanges = Partial<Omit<NewTestPattern, 'id'>>

/** What is asked for; what is left out is not asked. */
export interface TestPatternFilterOptions {
  readonly framework?: TestFramework
  readonly patternType?: PatternType
  readonly language?: TestLanguage
}

export const FILTER_FIELDS = ['framework', 'patternType', 'language'] as const
export const PATTERN_FIELDS: readonly (keyof NewTestPattern)[] = [
  ...(['id', 'patternType', 'framework', 'language', 'codeSignature', 'testTemplate', 'metadata', 'version'] as const),
]

/** A row without what only the store knows. */
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

/** The JSON of plain data with sorted names. @throws INVALID_ARGUMENT */
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

/** The version after this one: its last number is one higher. `1.0.9` makes `1.0.10`, `beta` makes `beta.1`. */
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
