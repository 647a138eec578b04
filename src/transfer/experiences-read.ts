import { v5 } from 'uuid'
import { checkBoolean, checkFinite, checkList, checkName, checkPositive } from '../checks.ts'
import { StoreError } from '../errors.ts'
import { toJson } from '../learning/core/experience.ts'
import type { ImportedExperience } from '../learning/maintenance/import-batch.ts'
import { checkPlain, checkTime, orNull } from './fields.ts'
import type { SkippedRecords } from './skipped-records.ts'

/** What a source tells of an experience, before it was checked; undefined where it tells nothing. */
export type ToldExperience = { readonly [name in keyof ImportedExperience]: unknown }

/** Of this package alone, so that its derived ids meet no other's. */
const NAMESPACE = 'ab29dd42-6f26-4b4f-9b0f-5b0e3a7c1d55'

/** The experiences of one source, each id of an agent once. */
export class ExperiencesRead {
  readonly list: ImportedExperience[] = []
  readonly #byId = new Map<string, ImportedExperience>()
  readonly #alike = new Map<string, number>()
  readonly #skips: SkippedRecords

  constructor(skips: SkippedRecords) {
    this.#skips = skips
  }

  /**
   * An experience without an id gets one, a UUID v5, that follows from what it holds and from how many like it came before: the
   * same each time the source is read.
   * @param at where in the source a field stands, for the message. @throws INVALID_ARGUMENT, also where another experience
   * of the agent has the same id.
   */
  add(told: ToldExperience, at: (field: string) => string): void {
    const checked = checkTold(told, at)
    const one = { ...checked, id: orNull(told.id, (id) => checkName(id, at('id'))) ?? this.#derivedId(checked) }
    const key = `${one.agentId}\0${one.id}`
    const known = this.#byId.get(key)
    if (known === undefined) {
      this.#byId.set(key, one)
      this.list.push(one)
    } else if (toJson({ ...known }) === toJson({ ...one })) {
      this.#skips.add('experiences', 'the source holds them twice')
    } else {
      const got = `"${one.id.slice(0, 40)}", which the source has for another experience`
      throw new StoreError('INVALID_ARGUMENT', `Expected ${at('id')} to be an id of its own, got ${got}`)
    }
  }

  #derivedId(experience: Omit<ImportedExperience, 'id'>): string {
    const id = v5(toJson({ ...experience }), NAMESPACE)
    const before = this.#alike.get(id) ?? 0
    this.#alike.set(id, before + 1)
    return before === 0 ? id : v5(`${id} ${before}`, NAMESPACE)
  }
}

function checkTold(told: ToldExperience, at: (field: string) => string): Omit<ImportedExperience, 'id'> {
  const optional = <T>(field: keyof ToldExperience, check: (value: unknown, what: string) => T): T | null =>
    orNull(told[field], (value) => check(value, at(field)))
  return {
    agentId: checkName(told.agentId, at('agentId')),
    taskId: optional('taskId', checkName),
    taskType: checkName(told.taskType, at('taskType')),
    state: checkPlain(told.state, at('state')),
    action: checkPlain(told.action, at('action')),
    // A column of SQLite holds no -0.
    reward: checkFinite(told.reward, at('reward')) || 0,
    nextState: checkPlain(told.nextState, at('nextState')),
    terminated: optional('terminated', checkBoolean) ?? false,
    truncated: optional('truncated', checkBoolean) ?? false,
    episodeId: optional('episodeId', checkName),
    timestamp: optional('timestamp', checkTime),
    behaviorProbability: optional('behaviorProbability', (value, what) => checkPositive(value, what, 1)),
    actions: optional('actions', (value, what) => checkList(value, what).map((action) => checkPlain(action, what))),
  }
}
