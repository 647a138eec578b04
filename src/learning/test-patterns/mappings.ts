import { checkCount, checkList, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import {
  CrossProjectMappingsTable,
  type MappingCriteria,
  type MappingKey,
  type MappingRow,
} from '../../tables/test-pattern-mappings.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { checkFramework, plainJson, type TestFramework } from './test-pattern.ts'

/** How a pattern of one framework is used with another. */
export interface CrossProjectMapping
  extends Omit<MappingRow, 'transformationRules' | 'sourceFramework' | 'targetFramework'> {
  /** The framework of the pattern. */
  readonly sourceFramework: TestFramework
  /** The framework that it is translated to. */
  readonly targetFramework: TestFramework
  /** Rules for translating the template, in the caller's own format; names are sorted. */
  readonly transformationRules: JsonValue
}

/** Options of `testPatterns.shareAcrossProjects`. */
export interface ShareOptions {
  /** The framework to translate to; not that of the pattern. */
  readonly targetFramework: TestFramework
  /** Rules for translating the template. Default: unchanged, `{}` for a new mapping. */
  readonly transformationRules?: JsonValue
  /** How well the translated pattern fits, in [0, 1]. Default: unchanged, 1 for a new mapping. */
  readonly compatibilityScore?: number
  /** Projects to share the pattern with, in addition to earlier ones. */
  readonly projectIds?: readonly string[]
}

/** Options of `testPatterns.listMappings`; all given filters must match. */
export interface ListMappingsOptions {
  /** Only mappings of this pattern. */
  readonly patternId?: string
  /** Only mappings from this framework. */
  readonly sourceFramework?: TestFramework
  /** Only mappings to this framework. */
  readonly targetFramework?: TestFramework
  /** Minimum compatibility score, in [0, 1]. Default: 0. */
  readonly minCompatibility?: number
  /** Maximum number of mappings. Default: 100. */
  readonly limit?: number
  /** Number of mappings to skip. Default: 0. */
  readonly offset?: number
}

const SHARE_FIELDS = ['targetFramework', 'transformationRules', 'compatibilityScore', 'projectIds'] as const
const LIST_FIELDS = ['patternId', 'sourceFramework', 'targetFramework', 'minCompatibility', 'limit', 'offset'] as const

export interface CheckedShare {
  readonly targetFramework: TestFramework
  readonly transformationRules: string | undefined
  readonly compatibilityScore: number | undefined
  readonly projectIds: readonly string[]
}

/** @throws INVALID_ARGUMENT */
export function checkShare(options: ShareOptions, source: string): CheckedShare {
  const given = checkOptions(options, 'the options', SHARE_FIELDS)
  const { transformationRules, compatibilityScore, projectIds = [] } = given
  const targetFramework = checkFramework(given.targetFramework, 'targetFramework')
  if (targetFramework === source) throw invalid('targetFramework', 'another than that of the pattern', targetFramework)
  return {
    targetFramework,
    transformationRules:
      transformationRules === undefined ? undefined : plainJson(transformationRules, 'transformationRules'),
    compatibilityScore:
      compatibilityScore === undefined ? undefined : checkNumber(compatibilityScore, 'compatibilityScore', 0, 1),
    projectIds: checkList(projectIds, 'projectIds').map((id) => checkName(id, 'a project id')),
  }
}

/** The mappings of patterns to other frameworks. */
export class TestPatternMappings {
  readonly #core: Core
  readonly #table: CrossProjectMappingsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new CrossProjectMappingsTable(core.connection)
  }

  /** Adds or updates a mapping; its uses stay. Call it inside a transaction. */
  share(patternId: string, sourceFramework: string, share: CheckedShare): CrossProjectMapping {
    const { targetFramework, transformationRules, compatibilityScore, projectIds } = share
    const key = { patternId, sourceFramework, targetFramework }
    const known = this.#table.get(key)
    for (const projectId of projectIds) this.#table.addUses(key, projectId, 0, 0)
    const now = isoTime(this.#core.now())
    this.#table.set({
      ...key,
      transformationRules: transformationRules ?? known?.transformationRules ?? '{}',
      compatibilityScore: compatibilityScore ?? known?.compatibilityScore ?? 1,
      createdAt: known?.createdAt ?? now,
      updatedAt: now,
    })
    return toMapping(this.#table.get(key) as MappingRow)
  }

  has(key: MappingKey): boolean {
    return this.#table.get(key) !== undefined
  }

  /** Counts a use of the mapping. Call it inside a transaction. */
  addUse(key: MappingKey, projectId: string, success: boolean): void {
    this.#table.addUses(key, projectId, 1, success ? 1 : 0)
    const known = this.#table.get(key)
    if (known) this.#table.set({ ...known, updatedAt: isoTime(this.#core.now()) })
  }

  /** @throws INVALID_ARGUMENT */
  list(options: ListMappingsOptions): CrossProjectMapping[] {
    const given = checkOptions(options, 'the options', LIST_FIELDS)
    const { patternId, sourceFramework, targetFramework, minCompatibility = 0, limit = 100, offset = 0 } = given
    const criteria: MappingCriteria = {
      patternId: patternId === undefined ? null : checkName(patternId, 'patternId'),
      sourceFramework: sourceFramework === undefined ? null : checkFramework(sourceFramework, 'sourceFramework'),
      targetFramework: targetFramework === undefined ? null : checkFramework(targetFramework, 'targetFramework'),
      minCompatibility: checkNumber(minCompatibility, 'minCompatibility', 0, 1),
    }
    return this.#table.list(criteria, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)).map(toMapping)
  }

  /** Call it inside a transaction. */
  remove(patternId: string): void {
    this.#table.removeOf(patternId)
  }
}

function toMapping(row: MappingRow): CrossProjectMapping {
  return {
    ...row,
    sourceFramework: row.sourceFramework as TestFramework,
    targetFramework: row.targetFramework as TestFramework,
    transformationRules: JSON.parse(row.transformationRules) as JsonValue,
  }
}
