import type { DetailedCommit } from '../learning/commits.ts'
import type { Progress } from '../learning/progress.ts'
import type { Job, JobAnswers } from '../transfer/job.ts'
import type { Call } from './calls.ts'
import type { StoreStatus } from './status.ts'

/** A commit as a client hears of it; without states where any may have changed. */
export type Change = DetailedCommit

/** The way from a client to its store. */
export interface Channel {
  /** Resolves with what the operation answers, once it is as awaitDurability as the store's durability says. */
  send(call: Call): Promise<unknown>
  status(): Promise<StoreStatus>
  /** Does long work, after what was asked before. Rejects with ABORTED where `tick` answers false. */
  work(job: Job, tick: (progress: Progress) => Promise<boolean>): Promise<JobAnswers[Job['kind']]>
  flush(): Promise<void>
  close(): Promise<void>
  /** Calls `observer`, which must not throw, after each commit; not from within an operation. Answers what ends it. */
  watch(observer: (change: Change) => void): () => void
}

/** What a client needs of the platform it runs on. */
export interface ClientPlatform {
  /** Calls back before the next frame is drawn, or about as soon where nothing is drawn. */
  nextFrame(callback: () => void): void
  /** Calls back after so many ms. */
  later(ms: number, callback: () => void): void
  /** Tells people of an error that nobody waits for. */
  report(error: unknown): void
  /** 32 bits by chance. */
  newSeed(): number
}
