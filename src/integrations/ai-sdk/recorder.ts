import { invalid } from '../../checks.ts'
import type { AsyncAgent, Experience, JsonValue } from '../../entry/exports.ts'

/** Who learns from calls: an agent of a store, or anything like it. */
export interface CallLearner {
  /** Learns from an experience; what it answers is not looked at. */
  learn(experience: Experience): Promise<unknown>
  /** Chooses how a call is made, where it is asked to. */
  readonly selectAction?: AsyncAgent['selectAction']
}

/** How calls become experiences. What its functions throw, and what learning rejects with, goes to `onError`. */
export interface Recording<Call, Outcome> {
  /** Who learns from the calls. To record without learning: `{ learn: (one) => store.experiences.record(id, one) }`. */
  readonly agent: CallLearner
  /** The state that a call is made in, asked for before it. */
  readonly state: JsonValue | ((call: Call) => JsonValue | Promise<JsonValue>)
  /** What was done in that state, asked for before the call; the id of the model or the name of the tool unless given. */
  readonly action?: JsonValue | ((call: Call) => JsonValue | Promise<JsonValue>)
  /**
   * What the call was worth. It may take its time: nothing waits for it but `recorded()`. Where it answers undefined, nothing is
   * recorded.
   */
  readonly reward: (outcome: Outcome, call: Call) => number | undefined | Promise<number | undefined>
  /** What else is told of the experience. Unless it says otherwise, each call is an episode of its own: `terminated` is true. */
  readonly more?: (outcome: Outcome, call: Call) => Omit<Experience, 'state' | 'action' | 'reward'>
  /** Told what went wrong in recording. The call itself is never disturbed. */
  readonly onError: (error: unknown) => void
}

/** What a recording may be told. */
export const RECORDING = ['agent', 'state', 'action', 'reward', 'more', 'onError'] as const

/** What is known of an experience before its outcome. */
export type Situation = Pick<Experience, 'state' | 'action' | 'actions' | 'behaviorProbability'>

/** A way to wait for what is recorded beside the calls. */
export interface Recorded {
  /** Resolves once no call that has ended waits for its reward or for being learned from. Give it to `waitUntil` on the edge. */
  recorded(): Promise<void>
}

/** Makes experiences of calls, beside them. */
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

  /** Asks for the situation of a call now; answers what to call when its outcome is known. */
  begin(call: Call, usualAction: string, known?: Situation): (outcome: () => Outcome) => void {
    const situation = known ? Promise.resolve(known) : this.#situation(call, usualAction)
    // Rejected long before anybody looks, perhaps.
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

  async #situation(call: Call, usualAction: string): Promise<Situation> {
    const { action = usualAction } = this.#recording
    return { state: await this.stateOf(call), action: typeof action === 'function' ? await action(call) : action }
  }

  async #record(call: Call, outcome: Outcome, situation: Promise<Situation>): Promise<void> {
    const { agent, reward, more } = this.#recording
    const [known, worth] = await Promise.all([situation, reward(outcome, call)])
    if (worth === undefined) return
    await agent.learn({ terminated: true, ...known, ...more?.(outcome, call), reward: worth })
  }

  /** Where `onError` itself throws, that is an unhandled rejection. */
  #attempt(work: () => Promise<void>): void {
    const task = Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.#recording.onError(error))
    this.#pending.add(task)
    void task.finally(() => this.#pending.delete(task))
  }
}
