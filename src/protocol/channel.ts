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
}
