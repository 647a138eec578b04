import { isLinear } from '../algorithms/algorithms.ts'
import { type ActionValue, type KeyedValue, toActionValue } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import { parseKey } from '../algorithms/keys/parse-key.ts'
import type { ModelUpdate, ModelVersion } from '../algorithms/linear/agent-model.ts'
import { checkCount, checkList, checkName, checkOptions } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import { fromSqlTime } from '../tables/sql-time.ts'
import type { Core } from './core/core.ts'

/** A learned value with its state and keys. */
export interface StateActionValue<State = JsonValue, Action = JsonValue> extends ActionValue<Action> {
  /** The state that the value belongs to. */
  readonly state: State
  /** The key of the state. */
  readonly stateKey: string
  /** The key of the action. */
  readonly actionKey: string
  /** When the value last changed: ISO 8601 in UTC, `2026-01-31T12:00:00.000Z`. */
  readonly lastUpdated: string
}

/** The learned values of one state. */
export interface StateValues {
  /** The key of the state. */
  readonly stateKey: string
  /** The actions seen in the state with their values, sorted by action key. */
  readonly actions: readonly KeyedValue[]
}

/** Options of `values.list`. */
export interface ListValuesOptions {
  /** The agent whose values to list. */
  readonly agentId: string
  /** Maximum number of values. Default: 100. */
  readonly limit?: number
  /** Number of values to skip. Default: 0. */
  readonly offset?: number
}

/** The learned values of all agents: what each action in each state is worth. */
export class Values {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /**
   * Returns the actions seen in a state with their values. An unknown agent has none. For an agent with a linear model: the values that it
   * predicts for all actions that it has tried, in any state.
   *
   * @returns sorted by action key; empty if nothing was learned in the state.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: { load: 'high' }, action: 'queue', reward: 1, terminated: true })
   * const values = await store.values.get('router', { load: 'high' })
   * console.log(values) // [{ action: 'queue', value: 0.1, visits: 1 }]
   * await store.close()
   * ```
   */
  get(agentId: string, state: JsonValue): ActionValue[] {
    return this.getMany(agentId, [state])[0] ?? []
  }

  /**
   * Returns the values of several states, as `get` does for one.
   *
   * @returns one list per state, in the order of `states`.
   * @throws INVALID_ARGUMENT
   */
  getMany(agentId: string, states: readonly JsonValue[]): ActionValue[][] {
    checkName(agentId, 'agent id')
    const keys = checkList(states, 'states').map((state) => keyOf(state as JsonValue, 'state'))
    return this.#valuesOf(agentId, keys).map((values) => values.map(toActionValue))
  }

  #valuesOf(agentId: string, stateKeys: readonly string[]): (readonly KeyedValue[])[] {
    if (!this.#core.hasLinearModel(agentId)) return stateKeys.map((key) => this.#core.valueCache.of(agentId, key))
    const learner = this.#core.learners.get(agentId)
    return stateKeys.map((key) => this.#core.linear().predictions(learner, parseKey(key)))
  }

  /**
   * Lists the values of an agent. One with a linear model has none: it predicts them, see `get`.
   *
   * @returns sorted by value, greatest first.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'busy', action: 'queue', reward: 1, terminated: true })
   * await agent.learn({ state: 'idle', action: 'answer', reward: 2, terminated: true })
   * const [best] = await store.values.list({ agentId: 'router', limit: 1 })
   * console.log(best?.state, best?.action, best?.value) // idle answer 0.2
   * await store.close()
   * ```
   */
  list(options: ListValuesOptions): StateActionValue[] {
    const { agentId, limit = 100, offset = 0 } = checkOptions(options, 'the options', ['agentId', 'limit', 'offset'])
    checkName(agentId, 'agentId')
    this.#core.writePending()
    return this.#core.values
      .ofAgent(agentId, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
      .map(({ stateKey, actionKey, value, visits, lastUpdated }) => ({
        state: parseKey(stateKey),
        action: parseKey(actionKey),
        value,
        visits,
        stateKey,
        actionKey,
        lastUpdated: fromSqlTime(lastUpdated),
      }))
  }

  /**
   * Lists the values of an agent grouped by state, under keys.
   *
   * @param stateKeys the states to return, in this order. Default: all states of the agent.
   * @returns one entry per state.
   * @throws INVALID_ARGUMENT
   */
  listByState(agentId: string, stateKeys?: readonly string[]): StateValues[] {
    checkName(agentId, 'agentId')
    this.#core.writePending()
    const keys =
      stateKeys === undefined
        ? this.#core.values.stateKeys(agentId)
        : checkList(stateKeys, 'stateKeys').map((key) => checkName(key, 'a state key'))
    return keys.map((stateKey) => ({
      stateKey,
      actions: this.#core.values
        .ofState(agentId, stateKey)
        .map(({ actionKey, value, visits }) => ({ actionKey, value, visits })),
    }))
  }

  /**
   * Returns the linear model of an agent for a copy that follows it, as `agent.policy()` does.
   *
   * @param known what the copy has: the last result. Default: nothing.
   * @returns the whole model, or the experiences that it learned from since; null for an agent that learns a table of values.
   * @throws INVALID_ARGUMENT
   */
  linearModel(agentId: string, known?: ModelVersion): ModelUpdate | null {
    const learner = this.#core.learners.get(checkName(agentId, 'agentId'))
    if (known) checkOptions(known, 'the known version', ['generation', 'through', 'experiences'])
    return isLinear(learner.algorithm) ? this.#core.linear().updateOf(learner, known) : null
  }
}
