/// <reference lib="esnext.disposable" preserve="true" />
import type { PlainValue } from '../algorithms/keys/keys.ts'
import type { Family } from '../collections.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { StoreCommit } from '../learning/commits.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { FamilyName, WholeStoreName } from '../protocol/calls.ts'
import type { StoreStatus } from '../protocol/status.ts'
import type { Evaluates } from './evaluation.ts'
import type { Jobs } from './jobs.ts'
import type { Policy } from './policy.ts'

type Answer<R> = R extends Agent ? AsyncAgent : R

/** The same object with every method answering a promise, also of the groups in it. */
export type Promised<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Answer<R>>
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
export interface Queries extends Families, Evaluates, Pick<Promised<LearningStore>, WholeStoreName> {
  /** How the store is, where it runs, and what is in it. */
  status(): Promise<StoreStatus>
  /** As `recommendStrategy` of this agent. */
  recommendStrategy(agentId: string, state: PlainValue): ReturnType<AsyncAgent['recommendStrategy']>
  /** As `status` of this agent. */
  agentStatus(agentId: string): ReturnType<AsyncAgent['status']>
  /** As `statistics` of this agent. */
  agentStatistics(agentId: string): ReturnType<AsyncAgent['statistics']>
}

/** The groups of acts that are one family each. */
export type Families = Promised<Pick<LearningStore, FamilyName>>

/** A learning store as a caller sees it: every method of the synchronous store as a promise. */
export interface AsyncStore
  extends Families,
    Evaluates,
    Jobs,
    Promised<Pick<LearningStore, 'agent' | 'resetAgent' | WholeStoreName>> {
  /** How the store is, where it runs, and what is in it. */
  status(): Promise<StoreStatus>
  /**
   * Calls `listener` after each commit that touches one of these families, whoever made it; after every commit where none
   * are named. Where a worker was lost, it is called once with all families and the sequence of its successor: commits may
   * have been missed. What a listener throws is reported and disturbs nobody. @throws INVALID_ARGUMENT, CLOSED
   */
  subscribe(
    listener: (commit: StoreCommit) => void,
    options?: { readonly families?: readonly Family[] | undefined },
  ): Subscription
  /**
   * Calls `listener` with the result of a query now and after every change of the families it asks, at most once a frame.
   * What the query rejects with goes to `onError`, or is reported. @throws INVALID_ARGUMENT, CLOSED
   */
  live<T>(
    query: (store: Queries) => Promise<T>,
    listener: (result: T) => void,
    options?: { readonly onError?: ((error: unknown) => void) | undefined },
  ): Subscription
  /** Resolves once everything before it survives a power cut. Rejects with STORAGE_FULL, STORAGE_FAILED or CLAIM_LOST. */
  flush(): Promise<void>
  /**
   * Keeps everything, and gives the place back whatever happens; a store that other tabs use stays open for them. Later
   * calls reject with CLOSED; a second close does nothing.
   */
  close(): Promise<void>
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>
}
