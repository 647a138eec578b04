import { checkCount, checkList, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import {
  CrossProjectMappingsTable,
  type MappingCriteria,
  type MappingKey,
  type MappingRow,
} from '../../tables/test-pattern-mappings.ts'
import type { Core } from '../core/core.ts'
import { checkFramework, plainJson, type TestFramework } from './test-pattern.ts'

/** What makes a pattern of one framework fit another. */
export interface CrossProjectMapping
  extends Omit<MappingRow, 'transformationRules' | 'sourceFramework' | 'targetFramework'> {
  readonly sourceFramework: TestFramework
  readonly targetFramework: TestFramework
  /** Plain data that whoever translates the template understands; names come back sorted. */
  readonly transformationRules: JsonValue
}

/** How a test pattern is used with another framework. */
export interface ShareOptions {
  /** Another than that of the pattern. */
  readonly targetFramework: TestFramework
  /** `{}` unless given, or as they were. */
  readonly transformationRules?: JsonValue
  /** How well the translated pattern fits, in [0, 1]; 1 unless given, or as it was. */
  readonly compatibilityScore?: number
  /** The projects that it is shared with; those of before stay. */
  readonly projectIds?: readonly string[]
}

/** Which mappings to answer; all of these hold for each. */
export interface ListMappingsOptions {
  readonly patternId?: string
  readonly sourceFramework?: TestFramework
  readonly targetFramework?: TestFramework
  readonly minCompatibility?: number
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

const SHARE_FIELDS = ['targetFramework', 'transformationRules', 'compatibilityScore', 'projectIds'] as const
const LIST_FIELDS = [
  ...(['patternId', 'sourceFramework', 'targetFramework', 'minCompatibility', 'limit', 'offset'] as const),
]

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

/** How patterns are shared with projects of other frameworks. */
export class TestPatternMappings {
  readonly #core: Core
  readonly #table: CrossProjectMappingsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new CrossProjectMappingsTable(core.connection)
  }

  /** Inside a transaction: the mapping is there with these rules and projects; uses of before count on. */
  share(patternId: string, sourceFramework: string, share: CheckedShare): CrossProjectMapping {
    const { targetFramework, transformationRules, compatibilityScore, projectIds } = share
    const key = { patternId, sourceFramework, targetFramework }
    const known = this.#table.get(key)
    for (const projectId of projectIds) this.#table.addUses(key, projectId, 0, 0)
    const now = sqlTime(this.#core.now())
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

  /** Inside a transaction: counts a use of the mapping. */
  addUse(key: MappingKey, projectId: string, success: boolean): void {
    this.#table.addUses(key, projectId, 1, success ? 1 : 0)
    const known = this.#table.get(key)
    if (known) this.#table.set({ ...known, updatedAt: sqlTime(this.#core.now()) })
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

  /** Inside a transaction. */
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
