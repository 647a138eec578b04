/// <reference lib="esnext.disposable" preserve="true" />
import type { Collection } from '../collections.ts'
import type { JsonValue } from '../json-value.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { StoreCommit } from '../learning/commits.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { CallerMemory } from '../learning/memory/caller-memory.ts'
import type { CollectionName, WholeStoreName } from '../protocol/calls.ts'
import type { StoreStatus } from '../protocol/status.ts'
import type { Evaluates } from './evaluation.ts'
import type { Jobs } from './jobs.ts'
import type { Policy } from './policy.ts'

type Answer<R> = R extends Agent ? AsyncAgent : R

/** The same object with every method answering a promise, also of the groups in it. */
export type Promised<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? R extends CallerMemory
      ? (...args: A) => Promised<CallerMemory>
      : (...args: A) => Promise<Answer<R>>
    : T[K] extends object
      ? Promised<T[K]>
      : T[K]
}

export interface AsyncAgent extends Promised<Agent> {
  /**
   * A read-only copy of the agent's values in the caller's thread, kept fresh until it is closed. What it chooses by
   * chance it draws by itself, from this seed of 32 bits or by chance.
   */
  policy(options?: { readonly seed?: number }): Promise<Policy>
}

/** Ends when it is told to, or at the end of a `using` block. */
export interface Subscription {
  /** The listener is not called any more. */
  unsubscribe(): void
  /** As `unsubscribe`. */
  [Symbol.dispose](): void
}

/** What a live query may ask. */
export interface Queries extends Collections, Evaluates, Pick<Promised<LearningStore>, WholeStoreName> {
  /** How the store is, where it runs, and what is in it. */
  status(): Promise<StoreStatus>
  /** As `recommend` of this agent. */
  recommend(agentId: string, state: JsonValue): ReturnType<AsyncAgent['recommend']>
  /** As `status` of this agent. */
  agentStatus(agentId: string): ReturnType<AsyncAgent['status']>
  /** As `getStatistics` of this agent. */
  agentStatistics(agentId: string): ReturnType<AsyncAgent['getStatistics']>
}

/** The groups of operations that are one collection each. */
export type Collections = Promised<Pick<LearningStore, CollectionName>>

/** A learning store as a caller sees it: every method of the synchronous store as a promise. */
export interface AsyncStore
  extends Collections,
    Evaluates,
    Jobs,
    Promised<Pick<LearningStore, 'agent' | 'resetAgent' | WholeStoreName>> {
  /** How the store is, where it runs, and what is in it. */
  status(): Promise<StoreStatus>
  /**
   * Calls `listener` after each commit that touches one of these collections, whoever made it; after every commit where none
   * are named. Where a worker was lost, it is called once with all collections and the sequence of its successor: commits may
   * have been missed. What a listener throws is reported and disturbs nobody. @throws INVALID_ARGUMENT, CLOSED
   */
  subscribe(
    listener: (commit: StoreCommit) => void,
    options?: { readonly collections?: readonly Collection[] | undefined },
  ): Subscription
  /**
   * Calls `listener` with the result of a query now and after every change of the collections it asks, at most once a frame.
   * What the query rejects with goes to `onError`, or is reported. @throws INVALID_ARGUMENT, CLOSED
   */
  live<T>(
    query: (store: Queries) => Promise<T>,
    listener: (result: T) => void,
    options?: { readonly onError?: ((error: unknown) => void) | undefined },
  ): Subscription
  /** Resolves once everything before it survives a power cut. Rejects with STORAGE_FULL, STORAGE_ERROR or LEASE_LOST. */
  flush(): Promise<void>
  /**
   * Persists everything, and gives the storage back whatever happens; a store that other tabs use stays open for them. Later
   * calls reject with CLOSED; a second close does nothing.
   */
  close(): Promise<void>
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>
}
