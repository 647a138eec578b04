import type { Agent } from '../learning/agent.ts'
import type { LearningStore, StoreContent } from '../learning/learning-store.ts'

type Answer<R> = R extends Agent ? AsyncAgent : R

/** The same object with every method answering a promise. */
export type Promised<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Answer<R>> : T[K]
}

export type AsyncAgent = Promised<Agent>

/** How a store is, where it is kept, and how far it is kept. */
export interface StoreStatus extends StoreContent {
  /** As in the `place` option, with the path made absolute. */
  readonly place: string
  /** Where the store runs: `local` is the caller's thread. */
  readonly host: 'local'
  readonly durability: 'relaxed' | 'strict'
  /** `clean`: all is kept. `saving`. `failing`: the place refuses, it is tried again. `lost`: another writer has the place. */
  readonly state: 'clean' | 'saving' | 'failing' | 'lost'
  /** Why it is failing or lost. */
  readonly reason: string | undefined
  /** The last commit that survives the process (`relaxed`) or a power cut (`strict`); 0 where nothing is kept. */
  readonly durableSequence: number
  /** Size of the log since the last snapshot, in bytes. */
  readonly logBytes: number
  /** Size of the last snapshot, in bytes. */
  readonly snapshotBytes: number
  /** What was out of order when the store was opened, and how it was settled. */
  readonly notes: readonly string[]
}

type Families = { readonly [K in 'experiences' | 'values' | 'executionPatterns']: Promised<LearningStore[K]> }

/** A learning store as a caller sees it: every method of the synchronous store as a promise. */
export interface AsyncStore extends Families, Promised<Pick<LearningStore, 'agent' | 'agentIds'>> {
  status(): Promise<StoreStatus>
  /** Resolves once everything before it survives a power cut. Rejects with STORAGE_FULL, STORAGE_FAILED or CLAIM_LOST. */
  flush(): Promise<void>
  /** Keeps everything, and gives the place back whatever happens. Later calls reject with CLOSED; a second close does nothing. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
