import type { Caller } from '../algorithms/access.ts'
import type { Collection } from '../collections.ts'
import type { DetailedCommit } from '../learning/commits.ts'
import type { Progress } from '../learning/progress.ts'
import type { Job, JobResults } from '../transfer/job.ts'
import type { Call } from './calls.ts'
import type { StoreStatus } from './status.ts'

/** A commit as a client receives it; without states if any may have changed. */
export type Change = DetailedCommit

/** Connects a client to its store. */
export interface Channel {
  /** Resolves with the result of the operation once it is as durable as the store's durability requires. */
  send(call: Call): Promise<unknown>
  status(): Promise<StoreStatus>
  /** Runs a long operation after all earlier calls. Rejects with ABORTED if `tick` resolves with false. */
  work(job: Job, tick: (progress: Progress) => Promise<boolean>): Promise<JobResults[Job['kind']]>
  flush(): Promise<void>
  /** Follows the writer of a read-only store. Resolves with the sequence of the store. */
  refresh(): Promise<number>
  close(): Promise<void>
  /**
   * Calls `observer`, which must not throw, after each commit, not from within an operation. Returns a function that
   * ends it.
   */
  watch(observer: (change: Change) => void): () => void
}

/** What a client needs from its runtime. */
export interface ClientPlatform {
  /** Calls back before the next frame is drawn, or about as soon where nothing is drawn. */
  nextFrame(callback: () => void): void
  /** Calls back after this time. */
  later(ms: number, callback: () => void): void
  /** Reports an error that no caller handles. */
  report(error: unknown): void
  /** Returns 32 random bits. */
  newSeed(): number
  /** Returns the ms since some start, for measuring durations. */
  elapsed(): number
  /** Reads a file to import, with its write-ahead log, if the runtime has files. */
  readonly readSource?: (path: string) => Promise<{ readonly bytes: Uint8Array; readonly wal?: Uint8Array }>
  /** Traces operations, if the runtime has tools for that. */
  readonly tracer?: OperationTracer
}

/** What is reported of an operation from its start on. */
export interface OperationContext {
  /**
   * The path of the method below the store: `experiences.list`, `fleet.tasks.create`, `importFile`, `close`; for
   * methods of an agent `agent.learn`, and `open` for the opening.
   */
  readonly name: string
  /** The collection that the method belongs to; undefined for a method of the whole store. */
  readonly collection: Collection | undefined
  /** The name of the storage, such as `file:/data/learning.db`. */
  readonly storage: string
  /** What it was called with; only with the option `operationPayload`. */
  readonly payload?: OperationPayload
}

/** The content of an operation. The objects are those of the call, which must not be changed. */
export interface OperationPayload {
  readonly args: readonly unknown[]
  /** The agent of a method of an agent. */
  readonly agentId?: string
  /** The caller of a method of the shared memory. */
  readonly caller?: Caller
  /** Undefined until it has succeeded. */
  readonly result: unknown
}

/** Traces operations while they run. */
export interface OperationTracer {
  /** Whether anyone listens now. */
  readonly isActive: boolean
  /** Runs an operation in its trace, and returns its result. */
  trace<T>(operation: OperationContext, work: () => Promise<T>): Promise<T>
}
