import { keyOf } from '../../algorithms/keys/keys.ts'
import type { JsonValue } from '../../json-value.ts'
import type { DecisionRow } from '../../tables/experience-decisions.ts'

/** A state and its available actions. */
export interface Situation {
  readonly stateKey: string
  /** The actions that were logged as available; otherwise those that were tried in the state, sorted by key. */
  readonly actionKeys: readonly string[]
  /** Whether the available actions were logged. */
  readonly isLogged: boolean
}

/** One decision of a log. Equal states and lists of actions are the same object, so comparing them is cheap. */
export interface Decision {
  readonly state: LoggedState
  readonly actionKey: string
  readonly reward: number
  readonly behaviorProbability: number | undefined
  /** The keys of the available actions; undefined if they were not logged. */
  readonly available: readonly string[] | undefined
}

interface LoggedState {
  readonly key: string
  /** The keys of the actions that were chosen in the state. */
  readonly tried: Set<string>
  readonly situations: Map<Decision['available'], Situation>
}

/** The distinct situations of a log. */
export class Situations {
  readonly #states = new Map<string, LoggedState>()
  // By JSON text, so that most rows need no parsing.
  readonly #byText = new Map<string, LoggedState>()
  readonly #actions = new Map<string, string>()
  readonly #available = new Map<string, Decision['available']>()

  decision({ state, action, reward, behaviorProbability, actions }: DecisionRow): Decision {
    const actionKey = this.#action(action)
    const available = actions === null ? undefined : this.#availableIn(actions)
    return {
      state: this.#state(state),
      actionKey,
      reward,
      behaviorProbability: behaviorProbability ?? undefined,
      // A list without the action itself, as earlier versions accepted, does not say what was offered.
      available: available?.includes(actionKey) ? available : undefined,
    }
  }

  /** Adds the decisions of the log. Call it before `of`. */
  add(decisions: Iterable<Decision>): void {
    for (const { state, actionKey } of decisions) state.tried.add(actionKey)
  }

  of({ state, available }: Decision): Situation {
    const known = state.situations.get(available)
    if (known) return known
    const actionKeys = available ?? [...state.tried].sort()
    const situation = { stateKey: state.key, actionKeys, isLogged: available !== undefined }
    state.situations.set(available, situation)
    return situation
  }

  /** The keys of the actions that were taken in a state. */
  triedIn(stateKey: string): ReadonlySet<string> {
    return this.#states.get(stateKey)?.tried ?? new Set()
  }

  #state(text: string): LoggedState {
    const known = this.#byText.get(text)
    if (known) return known
    const key = keyOf(JSON.parse(text) as JsonValue)
    const state = this.#states.get(key) ?? { key, tried: new Set(), situations: new Map() }
    this.#states.set(key, state)
    this.#byText.set(text, state)
    return state
  }

  #action(text: string): string {
    const known = this.#actions.get(text)
    if (known !== undefined) return known
    const key = keyOf(JSON.parse(text) as JsonValue)
    this.#actions.set(text, key)
    return key
  }

  #availableIn(text: string): Decision['available'] {
    if (this.#available.has(text)) return this.#available.get(text)
    const keys = [...new Set((JSON.parse(text) as JsonValue[]).map((action) => keyOf(action)))]
    // An empty list counts as not logged.
    const available = keys.length === 0 ? undefined : keys
    this.#available.set(text, available)
    return available
  }
}
