import { v5 } from 'uuid'
import { checkBoolean, checkFinite, checkList, checkName, checkPositive } from '../checks.ts'
import { StoreError } from '../errors.ts'
import { dataFieldOf, EXPERIENCE_FIELD_LIST, type ExperienceFieldKind } from '../experience-fields.ts'
import type { JsonObject } from '../json-value.ts'
import { checkMetadata, toJson } from '../learning/core/experience.ts'
import type { ImportBatch, ImportedExperience } from '../learning/maintenance/import-batch.ts'
import type { SkippedRecords } from '../learning/maintenance/skipped-records.ts'
import { wholeSecond } from '../tables/sql-time.ts'
import { checkPlain, checkTime, orNull } from './fields.ts'

/** An experience as a source has it; undefined for missing fields. */
export type UncheckedExperience = { readonly [name in keyof ImportedExperience]?: unknown }

/** The namespace of derived ids: a constant random UUID. */
const NAMESPACE = 'ab29dd42-6f26-4b4f-9b0f-5b0e3a7c1d55'

/** Checks and collects the experiences of a source, each id of an agent once. */
export class ExperienceCollector {
  readonly list: ImportedExperience[] = []
  /** Those without an id and a time in the source, with the id derived from their content. */
  readonly unidentified: Map<ImportedExperience, string> = new Map()
  readonly #byId = new Map<string, ImportedExperience>()
  readonly #derivedIds = new Map<string, number>()
  readonly #skipped: SkippedRecords

  constructor(skipped: SkippedRecords) {
    this.#skipped = skipped
  }

  /**
   * Adds an experience. A missing id is derived, as UUID v5, from the content and the number of equal experiences before it: it is the
   * same each time the source is read. Duplicates are skipped.
   * @param at returns the position of a field in the source, for messages. @throws INVALID_ARGUMENT, also if the agent has another
   * experience with the same id.
   */
  add(unchecked: UncheckedExperience, at: (field: string) => string): void {
    const checked = checkFields(unchecked, at)
    const experience = {
      ...checked,
      id: orNull(unchecked.id, (id) => checkName(id, at('id'))) ?? this.#derivedId(checked),
    }
    const key = `${experience.agentId}\0${experience.id}`
    const known = this.#byId.get(key)
    if (known === undefined) {
      this.#byId.set(key, experience)
      this.list.push(experience)
      if (checked.timestamp === null && orNull(unchecked.id, String) === null) {
        this.unidentified.set(experience, experience.id)
      }
    } else if (toJson({ ...known }) === toJson({ ...experience })) {
      this.#skipped.add('experiences', 'is a duplicate')
    } else {
      const got = `"${experience.id.slice(0, 40)}", the id of another experience in the source`
      throw new StoreError('INVALID_ARGUMENT', `Expected ${at('id')} to be unique, got ${got}`)
    }
  }

  /** The experiences and their agents, each once. */
  imported(): Pick<ImportBatch, 'agents' | 'experiences' | 'unidentified'> {
    const { list, unidentified } = this
    const ids = new Set(list.map(({ agentId }) => agentId))
    return { agents: Array.from(ids, (id) => ({ id, configuration: {} })), experiences: list, unidentified }
  }

  #derivedId(experience: Omit<ImportedExperience, 'id'>): string {
    // With the field names and whole seconds of version 0.1.0, so that experiences it imported keep their ids.
    const { actions: availableActions, nextActions, metadata, timestamp, ...rest } = experience
    const content = {
      ...rest,
      timestamp: timestamp && wholeSecond(timestamp),
      availableActions,
      ...(nextActions === null ? {} : { nextActions }),
      ...(metadata === null ? {} : { metadata }),
    }
    const id = v5(toJson(content), NAMESPACE)
    const before = this.#derivedIds.get(id) ?? 0
    this.#derivedIds.set(id, before + 1)
    return before === 0 ? id : v5(`${id} ${before}`, NAMESPACE)
  }
}

function checkFields(unchecked: UncheckedExperience, at: (field: string) => string): Omit<ImportedExperience, 'id'> {
  const checked: { [field: string]: unknown } = {}
  for (const [field, { kind }] of EXPERIENCE_FIELD_LIST) {
    const name = dataFieldOf(field)
    if (name !== 'id') checked[name] = CHECKS[kind](unchecked[name], at(name))
  }
  return checked as unknown as Omit<ImportedExperience, 'id'>
}

const optional =
  (check: (value: unknown, what: string) => unknown) =>
  (value: unknown, what: string): unknown =>
    orNull(value, (given) => check(given, what))

const CHECKS: { readonly [K in ExperienceFieldKind]: (value: unknown, what: string) => unknown } = {
  name: checkName,
  'name?': optional(checkName),
  json: checkPlain,
  'list?': optional((value, what) => checkList(value, what).map((experience) => checkPlain(experience, what))),
  // SQLite does not store -0.
  number: (value, what) => checkFinite(value, what) || 0,
  'share?': optional((value, what) => checkPositive(value, what, 1)),
  flag: (value, what) => optional(checkBoolean)(value, what) ?? false,
  time: optional(checkTime),
  'object?': optional((value, what) => JSON.parse(checkMetadata(value, what)) as JsonObject),
}
