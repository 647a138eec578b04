import type { ActionValue, KeyedValue } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import { parseKey } from '../algorithms/keys/parse-key.ts'
import { checkCount, checkList, checkName, checkOptions } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import type { Core } from './core/core.ts'

/** A value with the state it belongs to. */
export interface StateActionValue extends ActionValue {
  readonly state: JsonValue
  readonly stateKey: string
  readonly actionKey: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly lastUpdated: string
}

/** What was learned in one state, by action key. */
export interface StateValues {
  readonly stateKey: string
  readonly actions: readonly KeyedValue[]
}

/** Which values to answer. */
export interface ListValuesOptions {
  readonly agentId: string
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** What the agents learned that actions are worth. */
export class Values {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  /** The actions seen in a state, by action key; none where nothing was learned. */
  get(agentId: string, state: JsonValue): ActionValue[] {
    return this.getMany(agentId, [state])[0] ?? []
  }

  /** The same for several states, in their order. */
  getMany(agentId: string, states: readonly JsonValue[]): ActionValue[][] {
    checkName(agentId, 'agent id')
    return checkList(states, 'states').map((state) =>
      this.#core.valueCache
        .of(agentId, keyOf(state as JsonValue, 'state'))
        .map(({ actionKey, value, visits }) => ({ action: parseKey(actionKey), value, visits })),
    )
  }

  /** The values of an agent, greatest first. */
  list(options: ListValuesOptions): StateActionValue[] {
    const { agentId, limit = 100, offset = 0 } = checkOptions(options, 'the options', ['agentId', 'limit', 'offset'])
    checkName(agentId, 'agentId')
    this.#core.writeHeld()
    return this.#core.values
      .ofAgent(agentId, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
      .map(({ stateKey, actionKey, value, visits, lastUpdated }) => ({
        ...{ state: parseKey(stateKey), action: parseKey(actionKey), value, visits, stateKey, actionKey, lastUpdated },
      }))
  }

  /** What an agent learned, state by state, under keys: everything, or only in these states. */
  listByState(agentId: string, stateKeys?: readonly string[]): StateValues[] {
    checkName(agentId, 'agentId')
    this.#core.writeHeld()
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
}
