import type { ActionValue } from '../../algorithms/choice.ts'
import type { JsonValue } from '../../json-value.ts'
import type { RewardBucket } from '../../tables/experience-rewards.ts'
import type { Core } from '../core/core.ts'
import type { Experience } from '../core/experience.ts'
import type { Decision, DecisionFilterOptions, Decisions, ListDecisionsOptions } from '../decisions/decisions.ts'
import type { ExperienceFilterOptions } from '../experiences/experience-filters.ts'
import { Experiences, type ListExperiencesOptions, type RecordedExperience } from '../experiences/experiences.ts'
import type { RewardHistoryOptions } from '../experiences/reward-history.ts'
import type { LazyModules } from '../lazy-modules.ts'
import { type ListValuesOptions, type StateActionValue, Values } from '../values.ts'

/** The experiences of one agent: `store.experiences` without the agent id. */
export class AgentExperiences<State = JsonValue, Action = JsonValue> {
  readonly #experiences: Experiences
  readonly #agentId: string

  constructor(core: Core, lazyModules: LazyModules, agentId: string) {
    this.#experiences = new Experiences(core, lazyModules)
    this.#agentId = agentId
  }

  /**
   * Stores an experience without learning from it.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   */
  add(experience: Experience<State, Action>): string {
    return this.#experiences.add(this.#agentId, experience as Experience)
  }

  /**
   * Returns one experience.
   *
   * @returns undefined if the agent has none with this id.
   * @throws INVALID_ARGUMENT
   */
  get(id: string): RecordedExperience<State, Action> | undefined {
    return this.#experiences.get(this.#agentId, id) as RecordedExperience<State, Action> | undefined
  }

  /**
   * Lists the agent's experiences.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   */
  list(options: Omit<ListExperiencesOptions, 'agentId'> = {}): RecordedExperience<State, Action>[] {
    return this.#experiences.list({ ...options, agentId: this.#agentId }) as RecordedExperience<State, Action>[]
  }

  /**
   * Counts the agent's experiences that match the filters.
   *
   * @throws INVALID_ARGUMENT
   */
  count(options: Omit<ExperienceFilterOptions, 'agentId'> = {}): number {
    return this.#experiences.count({ ...options, agentId: this.#agentId })
  }

  /**
   * Deletes the agent's experiences that match the filters, and subtracts them from its sums; without filters all of
   * them. See `store.experiences.delete`.
   *
   * @returns their number.
   * @throws INVALID_ARGUMENT
   */
  delete(filters: Omit<ExperienceFilterOptions, 'agentId'> = {}): number {
    return this.#experiences.delete({ ...filters, agentId: this.#agentId })
  }

  /**
   * Returns the agent's rewards over time, in buckets.
   *
   * @returns oldest first; buckets without experiences are left out.
   * @throws INVALID_ARGUMENT
   */
  rewardHistory(options: Omit<RewardHistoryOptions, 'agentId'> = {}): RewardBucket[] {
    return this.#experiences.rewardHistory({ ...options, agentId: this.#agentId })
  }
}

/** The decisions of one agent: `store.decisions` without the agent id. */
export class AgentDecisions<State = JsonValue, Action = JsonValue> {
  readonly #lazyModules: LazyModules
  readonly #agentId: string

  constructor(lazyModules: LazyModules, agentId: string) {
    this.#lazyModules = lazyModules
    this.#agentId = agentId
  }

  /**
   * Returns one decision.
   *
   * @returns undefined if the agent has none with this id.
   * @throws INVALID_ARGUMENT
   */
  get(id: string): Decision<State, Action> | undefined {
    return this.#decisions.get(this.#agentId, id) as Decision<State, Action> | undefined
  }

  /**
   * Lists the agent's decisions.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.decide('busy', { actions: ['queue', 'reject'], id: 'request-7' })
   * const open = await agent.decisions.list({ status: 'open' })
   * console.log(open.map(({ id }) => id)) // ['request-7']
   * await store.close()
   * ```
   */
  list(options: Omit<ListDecisionsOptions, 'agentId'> = {}): Decision<State, Action>[] {
    return this.#decisions.list({ ...options, agentId: this.#agentId }) as Decision<State, Action>[]
  }

  /**
   * Counts the agent's decisions that match the filters.
   *
   * @throws INVALID_ARGUMENT
   */
  count(options: Omit<DecisionFilterOptions, 'agentId'> = {}): number {
    return this.#decisions.count({ ...options, agentId: this.#agentId })
  }

  get #decisions(): Decisions {
    return this.#lazyModules.get('decisions').decisions
  }
}

/** The learned values of one agent: `store.values` without the agent id. */
export class AgentValues<State = JsonValue, Action = JsonValue> {
  readonly #values: Values
  readonly #agentId: string

  constructor(core: Core, agentId: string) {
    this.#values = new Values(core)
    this.#agentId = agentId
  }

  /**
   * Returns the actions seen in a state with their values.
   *
   * @returns sorted by action key; empty if nothing was learned in the state.
   * @throws INVALID_ARGUMENT
   */
  get(state: State): ActionValue<Action>[] {
    return this.#values.get(this.#agentId, state as JsonValue) as ActionValue<Action>[]
  }

  /**
   * Returns the values of several states, as `get` does for one.
   *
   * @returns one list per state, in the order of `states`.
   * @throws INVALID_ARGUMENT
   */
  getMany(states: readonly State[]): ActionValue<Action>[][] {
    return this.#values.getMany(this.#agentId, states as readonly JsonValue[]) as ActionValue<Action>[][]
  }

  /**
   * Lists the agent's values.
   *
   * @returns sorted by value, greatest first.
   * @throws INVALID_ARGUMENT
   */
  list(options: Omit<ListValuesOptions, 'agentId'> = {}): StateActionValue<State, Action>[] {
    return this.#values.list({ ...options, agentId: this.#agentId }) as StateActionValue<State, Action>[]
  }
}
