import { checkCount, checkName, checkOptions } from '../../checks.ts'
import type { JsonObject, JsonValue } from '../../json-value.ts'
import type { RewardBucket } from '../../tables/experience-rewards.ts'
import type { ExperienceRow, ExperiencesTable } from '../../tables/experiences.ts'
import { fromSqlTime, sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { checkExperience, type Experience, toJson } from '../core/experience.ts'
import type { LazyModules } from '../lazy-modules.ts'
import { type ExperienceFilterOptions, FILTER_FIELDS, isFiltered } from './experience-filters.ts'
import type { RewardHistoryOptions } from './reward-history.ts'

/** A stored experience. */
export interface RecordedExperience<State = JsonValue, Action = JsonValue>
  extends Required<
    Omit<
      Experience<State, Action>,
      'taskId' | 'episodeId' | 'actions' | 'nextActions' | 'behaviorProbability' | 'metadata'
    >
  > {
  /** The agent that made the experience. */
  readonly agentId: string
  /** The task that it belongs to, or null. */
  readonly taskId: string | null
  /** The episode that it belongs to, or null. */
  readonly episodeId: string | null
  /** The actions that were available; null if they were not recorded. */
  readonly actions: readonly Action[] | null
  /** The actions that the next state offers; null if they were not recorded. */
  readonly nextActions: readonly Action[] | null
  /** The probability with which the behavior policy chose the action, in (0, 1]; null if it was not recorded. */
  readonly behaviorProbability: number | null
  /** What the caller recorded with it; null if nothing. */
  readonly metadata: JsonObject | null
  /** When it was recorded: ISO 8601 in UTC, `2026-01-31T12:00:00.000Z`. */
  readonly timestamp: string
}

/** Options of `experiences.list`. */
export interface ListExperiencesOptions extends ExperienceFilterOptions {
  /** Maximum number of experiences. Default: 100. */
  readonly limit?: number
  /** Number of experiences to skip. Default: 0. */
  readonly offset?: number
}

/** The experiences of all agents. */
export class Experiences {
  readonly #core: Core
  readonly #lazyModules: LazyModules
  readonly #table: ExperiencesTable

  constructor(core: Core, lazyModules: LazyModules) {
    this.#core = core
    this.#lazyModules = lazyModules
    this.#table = core.experiences
  }

  /**
   * Stores an experience without learning from it. An experience whose id the agent already has is ignored.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * await store.agent('router')
   * const id = await store.experiences.add('router', { state: 'busy', action: 'queue', reward: 1, terminated: true })
   * console.log((await store.experiences.get('router', id))?.reward) // 1
   * await store.close()
   * ```
   */
  add(agentId: string, experience: Experience): string {
    const { row } = checkExperience(experience, this.#core.defaultsOf(checkName(agentId, 'agent id')))
    const stored = { ...row, agentId, timestamp: sqlTime(this.#core.now()) }
    this.#core.transaction(() => {
      if (this.#table.append(stored)) this.#core.sums.add(stored)
    })
    this.#core.models.forget()
    return row.experienceId
  }

  /**
   * Returns one experience of an agent.
   *
   * @returns undefined if the agent has none with this id.
   * @throws INVALID_ARGUMENT
   */
  get(agentId: string, id: string): RecordedExperience | undefined {
    const row = this.#table.get(checkName(agentId, 'agent id'), checkName(id, 'id'))
    return row && toExperience(row)
  }

  /**
   * Lists experiences that match the filters.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'busy', action: 'queue', reward: 1, terminated: true })
   * await agent.learn({ state: 'busy', action: 'reject', reward: -1, terminated: true })
   * const good = await store.experiences.list({ agentId: 'router', minReward: 0, limit: 10 })
   * console.log(good.map(({ action }) => action)) // ['queue']
   * await store.close()
   * ```
   */
  list(options: ListExperiencesOptions = {}): RecordedExperience[] {
    const fields = [...FILTER_FIELDS, 'limit', 'offset'] as const
    const { limit = 100, offset = 0, ...filters } = checkOptions(options, 'the options', fields)
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    const rows = isFiltered(filters)
      ? this.#lazyModules.get('inspection').searchExperiences(this.#core, filters, ...page)
      : this.#table.list(agentIn(filters), ...page)
    return rows.map(toExperience)
  }

  /**
   * Counts the experiences that match the filters.
   *
   * @throws INVALID_ARGUMENT
   */
  count(options: ExperienceFilterOptions = {}): number {
    const filters = checkOptions(options, 'the options', FILTER_FIELDS)
    if (!isFiltered(filters)) return this.#table.count(agentIn(filters))
    return this.#lazyModules.get('inspection').countExperiences(this.#core, filters)
  }

  /**
   * Deletes the experiences that match the filters, and subtracts them from the sums that `plan` and intervals read.
   * Values that are means of rewards follow, the value of an action without experiences left is deleted, and a linear
   * model is derived again from what is left; that of `linear` stays if experiences were pruned. Other values, patterns
   * and history stay: `plan` computes values again, `resetAgent` deletes everything.
   * Merging a store that still has the experiences does not bring them back.
   *
   * @param filters at least one, so that nothing is deleted by mistake.
   * @returns their number.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'busy', action: 'queue', reward: 1, terminated: true, taskId: 'task-7' })
   * await agent.learn({ state: 'busy', action: 'reject', reward: 0, terminated: true, taskId: 'task-8' })
   * console.log(await store.experiences.delete({ text: 'task-7' }), await store.experiences.count()) // 1 1
   * await store.close()
   * ```
   */
  delete(filters: ExperienceFilterOptions): number {
    const { checkDeletion, deleteExperiences } = this.#lazyModules.get('deletion')
    const criteria = checkDeletion(filters)
    return this.#core.transaction(() => deleteExperiences(this.#core, criteria))
  }

  /**
   * Returns rewards over time, in buckets. Each bucket covers equally many consecutive experiences of the store, by all
   * agents together, so the buckets of different agents are aligned. Takes about 1 ms per 3,000 experiences.
   *
   * @returns oldest first; buckets without experiences are left out.
   * @throws INVALID_ARGUMENT
   */
  rewardHistory(options: RewardHistoryOptions = {}): RewardBucket[] {
    return this.#lazyModules.get('inspection').rewardHistory(this.#core, options)
  }
}

function toExperience(row: ExperienceRow): RecordedExperience {
  const { experienceId, state, action, nextState, actions, nextActions, metadata, timestamp, ...rest } = row
  const offered = listIn(actions)
  return {
    ...rest,
    timestamp: fromSqlTime(timestamp),
    id: experienceId,
    state: JSON.parse(state) as JsonValue,
    action: JSON.parse(action) as JsonValue,
    nextState: JSON.parse(nextState) as JsonValue,
    // A list without the action itself, as earlier versions accepted, does not say what was offered.
    actions: offered?.length === 0 || offered?.some((one) => toJson(one) === action) ? offered : null,
    nextActions: listIn(nextActions),
    metadata: metadata === null ? null : (JSON.parse(metadata) as JsonObject),
  }
}

function agentIn({ agentId }: ExperienceFilterOptions): string | undefined {
  return agentId === undefined ? undefined : checkName(agentId, 'agentId')
}

function listIn(json: string | null): JsonValue[] | null {
  const list: unknown = json === null ? null : JSON.parse(json)
  return Array.isArray(list) ? list : null
}
