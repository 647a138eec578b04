/// <reference lib="esnext.disposable" preserve="true" />
import type { Collection } from '../collections.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { StoreCommit } from '../learning/commits.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { CallerMemory } from '../learning/memory/caller-memory.ts'
import type { WholeStoreName } from '../protocol/calls.ts'
import type { StoreStatus } from '../protocol/status.ts'
import type { Evaluates } from './evaluation.ts'
import type { Jobs } from './jobs.ts'
import type { Policy } from './policy.ts'

type AsyncResult<R> = R extends Agent ? AsyncAgent : R

/** An object with every method made asynchronous, including those of its groups. */
export type Promised<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? R extends CallerMemory
      ? (...args: A) => Promised<CallerMemory>
      : (...args: A) => Promise<AsyncResult<R>>
    : T[K] extends object
      ? Promised<T[K]>
      : T[K]
}

/** An agent's learner, with every method asynchronous. */
export interface AsyncAgent extends Promised<Agent> {
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
  policy(options?: { readonly seed?: number }): Promise<Policy>
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
  recommend(agentId: string, ...args: Parameters<AsyncAgent['recommend']>): ReturnType<AsyncAgent['recommend']>
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
    Promised<Pick<LearningStore, 'agent' | 'resetAgent' | WholeStoreName>> {
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
