import { invalid } from '../../checks.ts'
import type { Choice, Experience, JsonValue, SelectOptions } from '../../entry/exports.ts'

/** Learns from calls: an agent of a store, or an object like it. */
export interface CallLearner {
  /** Learns from an experience; the result is ignored. */
  learn(experience: Experience): Promise<unknown>
  /** Chooses how a call is made; needed for `choose`. */
  readonly selectAction?: (state: JsonValue, options?: SelectOptions) => Promise<Choice>
}

/** How calls become experiences. Errors of its functions and of learning go to `onError`. */
export interface Recording<Call, Outcome> {
  /** The agent that learns from the calls. To record without learning: `{ learn: (one) => store.experiences.add(id, one) }`. */
  readonly agent: CallLearner
  /** The state in which a call is made, evaluated before the call. */
  readonly state: JsonValue | ((call: Call) => JsonValue | Promise<JsonValue>)
  /** The action of the call, evaluated before the call. Default: the id of the model, or the name of the tool. */
  readonly action?: JsonValue | ((call: Call) => JsonValue | Promise<JsonValue>)
  /**
   * The reward of a call. Only `recorded()` waits for it. A call whose reward is undefined is not recorded.
   */
  readonly reward: (outcome: Outcome, call: Call) => number | undefined | Promise<number | undefined>
  /** Additional fields of the experience. By default each call is an episode of its own: `terminated` is true. */
  readonly more?: (outcome: Outcome, call: Call) => Omit<Experience, 'state' | 'action' | 'reward'>
  /** Called with errors of the recording, which do not affect the call. */
  readonly onError: (error: unknown) => void
}

/** The names of the options of a recording. */
export const RECORDING_OPTIONS = ['agent', 'state', 'action', 'reward', 'more', 'onError'] as const

/** The part of an experience that is known before the call. */
export type Situation = Pick<Experience, 'state' | 'action' | 'actions' | 'behaviorProbability'>

/** The recording that runs beside the calls. */
export interface Recorded {
  /** Resolves once the agent has learned from all calls that have ended. Pass it to `waitUntil` on the edge. */
  recorded(): Promise<void>
}

/** Records calls as experiences, beside the calls. */
export class Recorder<Call, Outcome> implements Recorded {
  readonly #recording: Recording<Call, Outcome>
  readonly #pending = new Set<Promise<void>>()

  /** @throws INVALID_ARGUMENT */
  constructor(recording: Recording<Call, Outcome>) {
    const { agent, reward, onError } = recording
    for (const [what, callback] of Object.entries({ 'agent.learn': agent?.learn, reward, onError })) {
      if (typeof callback !== 'function') throw invalid(what, 'a function', callback)
    }
    this.#recording = recording
  }

  /** Starts the recording of a call. @returns a function to call with its outcome */
  begin(call: Call, defaultAction: string, known?: Situation): (outcome: () => Outcome) => void {
    const situation = known ? Promise.resolve(known) : this.#situation(call, defaultAction)
    // It may reject long before the call ends.
    situation.catch(() => undefined)
    return (outcome) => this.#attempt(() => this.#record(call, outcome(), situation))
  }

  async stateOf(call: Call): Promise<JsonValue> {
    const { state } = this.#recording
    return typeof state === 'function' ? state(call) : state
  }

  failed(error: unknown): void {
    this.#attempt(() => Promise.reject(error))
  }

  async recorded(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
  }

  async #situation(call: Call, defaultAction: string): Promise<Situation> {
    const { action = defaultAction } = this.#recording
    return { state: await this.stateOf(call), action: typeof action === 'function' ? await action(call) : action }
  }

  async #record(call: Call, outcome: Outcome, situation: Promise<Situation>): Promise<void> {
    const { agent, reward, more } = this.#recording
    const [before, value] = await Promise.all([situation, reward(outcome, call)])
    if (value === undefined) return
    await agent.learn({ terminated: true, ...before, ...more?.(outcome, call), reward: value })
  }

  /** An error that `onError` throws becomes an unhandled rejection. */
  #attempt(work: () => Promise<void>): void {
    const task = Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.#recording.onError(error))
    this.#pending.add(task)
    void task.finally(() => this.#pending.delete(task))
  }
}
