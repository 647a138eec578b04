import { keyOf } from '../../algorithms/keys/keys.ts'
import type { JsonValue } from '../../json-value.ts'
import type { DecisionRow } from '../../tables/experience-decisions.ts'

/** A state and what was to choose from. */
export interface Situation {
  readonly stateKey: string
  /** As they were logged with the decision; else what the agent is known to have tried in this state, by key. */
  readonly actionKeys: readonly string[]
  readonly isLogged: boolean
}

/** One decision of a log. What equals another's is the same object, so that it need not be compared again. */
export interface Decision {
  readonly state: LoggedState
  readonly actionKey: string
  readonly reward: number
  readonly behaviorProbability: number | undefined
  /** The keys of what was to choose from; undefined where it was not logged. */
  readonly available: readonly string[] | undefined
}

interface LoggedState {
  readonly key: string
  /** What was done in it. */
  readonly tried: Set<string>
  readonly situations: Map<Decision['available'], Situation>
}

/** The situations of a log, each found once however many decisions there were in it. */
export class Situations {
  readonly #states = new Map<string, LoggedState>()
  // By text, so that most rows are read without parsing anything.
  readonly #ofText = new Map<string, LoggedState>()
  readonly #actions = new Map<string, string>()
  readonly #available = new Map<string, Decision['available']>()

  decision({ state, action, reward, behaviorProbability, actions }: DecisionRow): Decision {
    return {
      state: this.#state(state),
      actionKey: this.#action(action),
      reward,
      behaviorProbability: behaviorProbability ?? undefined,
      available: actions === null ? undefined : this.#availableIn(actions),
    }
  }

  /** Tells it which decisions belong to the log, before it is asked for the situation of one. */
  note(decisions: Iterable<Decision>): void {
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

  /** What was done in a state of the log. */
  triedIn(stateKey: string): ReadonlySet<string> {
    return this.#states.get(stateKey)?.tried ?? new Set()
  }

  #state(text: string): LoggedState {
    const known = this.#ofText.get(text)
    if (known) return known
    const key = keyOf(JSON.parse(text) as JsonValue)
    const state = this.#states.get(key) ?? { key, tried: new Set(), situations: new Map() }
    this.#states.set(key, state)
    this.#ofText.set(text, state)
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
    // An empty list says as little as none.
    const available = keys.length === 0 ? undefined : keys
    this.#available.set(text, available)
    return available
  }
}
