/// <reference lib="esnext.disposable" preserve="true" />
import type { Choice, SelectOptions } from '../algorithms/choice.ts'
import type { Collection } from '../collections.ts'
import type { Jsonable, JsonValue } from '../json-value.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { Recommendation, RecommendOptions } from '../learning/agents/recommendation.ts'
import type { StoreCommit } from '../learning/commits.ts'
import type { LearnerConfiguration } from '../learning/core/learner-configuration.ts'
import type { DecideOptions, DecideResult } from '../learning/decisions/decision.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { CallerMemory } from '../learning/memory/caller-memory.ts'
import type { WholeStoreName } from '../protocol/calls.ts'
import type { StoreStatus } from '../protocol/status.ts'
import type { Evaluates } from './evaluation.ts'
import type { Jobs } from './jobs.ts'
import type { Policy } from './policy.ts'

/**
 * An object with every method made asynchronous, including those of its groups. A method with type parameters loses
 * them here and is declared again where they matter.
 */
export type Promised<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? [R] extends [CallerMemory]
      ? (...args: A) => Promised<CallerMemory>
      : (...args: A) => Promise<R>
    : T[K] extends object
      ? Promised<T[K]>
      : T[K]
}

/**
 * An agent's learner, with every method asynchronous. Its states and actions have the types that `store.agent` was
 * given.
 */
export interface AsyncAgent<State = JsonValue, Action = JsonValue> extends Promised<Agent<State, Action>> {
  /**
   * Chooses an action by the agent's policy.
   *
   * @returns the action, one of `actions` if they are given; its probability; and the values of all available actions.
   * @throws INVALID_ARGUMENT
   */
  selectAction<A extends Action = Action>(state: State, options?: SelectOptions<A>): Promise<Choice<A>>
  /**
   * Chooses an action by the agent's policy and records the decision, whose reward can come later, by its id.
   *
   * @returns the action, one of `actions` if they are given, and the id for `reward`; for an id that was used before, the
   * first result.
   * @throws INVALID_ARGUMENT
   */
  decide<A extends Action = Action>(state: State, options?: DecideOptions<A>): Promise<DecideResult<A>>
  /**
   * Recommends the best known action for a state.
   *
   * @returns the action, one of `actions` if they are given; its value; alternatives; and the evidence.
   * @throws INVALID_ARGUMENT
   */
  recommend<A extends Action = Action>(state: State, options?: RecommendOptions<A>): Promise<Recommendation<A>>
  /**
   * Returns a read-only copy of the agent's values in the caller's thread, which follows the store until it is closed.
   * It draws random choices itself.
   *
   * @param options `seed`: 32 bits; default: random
   * @throws INVALID_ARGUMENT for an agent without a table of values
   * @throws MODULE_LOAD_FAILED, CLOSED
   * @example
   * ```ts
   * import { openLearningStore } from 'learning-store'
   *
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'long', action: 'large-model', reward: 1, terminated: true })
   * const policy = await agent.policy({ seed: 1 })
   * const { action } = policy.selectAction('long', { actions: ['small-model', 'large-model'] }) // no await
   * console.log(action, policy.valuesOf('long'))
   * policy.close()
   * await store.close()
   * ```
   */
  policy(options?: { readonly seed?: number }): Promise<Policy<State, Action>>
}

/** A subscription. Ends with `unsubscribe()`, or at the end of a `using` block. */
export interface Subscription {
  /** Ends the subscription: the listener is not called again. */
  unsubscribe(): void
  /** Same as `unsubscribe`. */
  [Symbol.dispose](): void
}

/** The read operations that a live query may use. */
export interface Queries extends Collections, Evaluates, Pick<Promised<LearningStore>, WholeStoreName> {
  /** How the store is, where it runs, and what is in it. */
  status(): Promise<StoreStatus>
  /** Same as `agent.recommend(state, options)` of this agent. */
  recommend<State extends Jsonable<State>, Action extends Jsonable<Action> = JsonValue>(
    agentId: string,
    state: State,
    options?: RecommendOptions<Action>,
  ): Promise<Recommendation<Action>>
  /** Same as `agent.explain(state, options)` of this agent. */
  explain(agentId: string, ...args: Parameters<AsyncAgent['explain']>): ReturnType<AsyncAgent['explain']>
  /** Same as `agent.status()` of this agent. */
  agentStatus(agentId: string): ReturnType<AsyncAgent['status']>
  /** Same as `agent.getStatistics()` of this agent. */
  agentStatistics(agentId: string): ReturnType<AsyncAgent['getStatistics']>
}

/** The collections of a store. */
export type Collections = Promised<Pick<LearningStore, Collection>>

/**
 * A learning store: every method of the synchronous store as a promise. Calls run in the order in which they are made.
 */
export interface AsyncStore
  extends Collections,
    Evaluates,
    Jobs,
    Promised<Pick<LearningStore, 'resetAgent' | WholeStoreName>> {
  /**
   * Opens an agent, or creates it if the store has none with this id. Its stored configuration applies; fields given
   * here replace the stored ones. `State` and `Action` are the types of its states and actions, which may be interfaces;
   * the compiler alone knows them.
   *
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * interface Request {
   *   readonly pages: number
   * }
   * const store = await openLearningStore({ storage: 'memory:' })
   * const agent = await store.agent<Request, 'small-model' | 'large-model'>('router', { policy: 'softmax' })
   * const { action } = await agent.selectAction({ pages: 12 }, { actions: ['small-model', 'large-model'] })
   * await agent.learn({ state: { pages: 12 }, action, reward: 1, terminated: true })
   * await store.close()
   * ```
   */
  agent<State extends Jsonable<State> = JsonValue, Action extends Jsonable<Action> = JsonValue>(
    id: string,
    configuration?: Partial<LearnerConfiguration>,
  ): Promise<AsyncAgent<State, Action>>
  /** How the store is, where it runs, and what is in it. */
  status(): Promise<StoreStatus>
  /**
   * Calls `listener` after each commit, from any client. Errors that it throws are reported and affect nothing else.
   * After the worker was lost, it is called once with all collections and the sequence of the new worker: commits may
   * have been missed.
   *
   * @param options `collections`: only commits that changed one of these; default: all commits
   * @throws INVALID_ARGUMENT, CLOSED
   * @example
   * ```ts
   * import { openLearningStore } from 'learning-store'
   *
   * const store = await openLearningStore({ storage: 'memory:' })
   * const subscription = store.subscribe(({ sequence }) => console.log('commit', sequence), { collections: ['values'] })
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'long', action: 'large-model', reward: 1, terminated: true })
   * subscription.unsubscribe()
   * await store.close()
   * ```
   */
  subscribe(
    listener: (commit: StoreCommit) => void,
    options?: { readonly collections?: readonly Collection[] | undefined },
  ): Subscription
  /**
   * Runs a query now and again after every change of the collections that it read, at most once per frame, and calls
   * `listener` with each result.
   *
   * @param options `onError`: receives what the query rejects with; default: errors are reported
   * @throws INVALID_ARGUMENT, CLOSED
   * @example
   * ```ts
   * import { openLearningStore } from 'learning-store'
   *
   * const store = await openLearningStore({ storage: 'memory:' })
   * const live = store.live(
   *   (queries) => queries.experiences.count(),
   *   (count) => console.log('experiences', count),
   * )
   * const agent = await store.agent('router')
   * await agent.learn({ state: 'long', action: 'large-model', reward: 1, terminated: true })
   * live.unsubscribe()
   * await store.close()
   * ```
   */
  live<T>(
    query: (store: Queries) => Promise<T>,
    listener: (result: T) => void,
    options?: { readonly onError?: ((error: unknown) => void) | undefined },
  ): Subscription
  /**
   * Brings a store that was opened with `readOnly` to what its writer has stored meanwhile, and notifies the
   * subscribers of the commits. Other stores are always up to date.
   *
   * @returns the sequence of the last commit
   * @throws STORE_MISSING, CORRUPT_LOG, CORRUPT_SNAPSHOT, MODIFIED_EXTERNALLY, NOT_A_STORE, SCHEMA_TOO_NEW,
   * STORAGE_ERROR, CLOSED; the store then has what it had before
   */
  refresh(): Promise<number>
  /**
   * Resolves when everything before it survives a power cut.
   * @throws STORAGE_FULL, STORAGE_ERROR, LEASE_LOST, STORE_MISSING, CLOSED
   */
  flush(): Promise<void>
  /**
   * Persists everything and releases the storage, even if persisting fails; a store that other tabs use stays open for
   * them. Later calls reject with CLOSED. A second call does nothing.
   * @throws STORAGE_FULL, STORAGE_ERROR, LEASE_LOST, STORE_MISSING
   */
  close(): Promise<void>
  /** Same as `close`. */
  [Symbol.asyncDispose](): Promise<void>
}
