import type { DetailedCommit } from '../learning/commits.ts'
import type { Progress } from '../learning/progress.ts'
import type { Job, JobAnswers } from '../transfer/job.ts'
import type { Call } from './calls.ts'
import type { StoreStatus } from './status.ts'

/** A commit as a face hears of it; without states where any may have changed. */
export type Change = DetailedCommit

/** The way from a face to its store. */
export interface Channel {
  /** Resolves with what the act answers, once it is as firm as the store's durability says. */
  send(call: Call): Promise<unknown>
  status(): Promise<StoreStatus>
  /** Does long work, after what was asked before. Rejects with ABORTED where `tick` answers false. */
  work(job: Job, tick: (progress: Progress) => Promise<boolean>): Promise<JobAnswers[Job['kind']]>
  flush(): Promise<void>
  close(): Promise<void>
  /** Calls `observer`, which must not throw, after each commit; not from within an act. Answers what ends it. */
  watch(observer: (change: Change) => void): () => void
}

/** What a face needs of the platform it runs on. */
export interface FacePlatform {
  /** Calls back before the next frame is drawn, or about as soon where nothing is drawn. */
  nextFrame(callback: () => void): void
  /** Calls back after so many ms. */
  later(ms: number, callback: () => void): void
  /** Tells people of an error that nobody waits for. */
  report(error: unknown): void
  /** 32 bits by chance. */
  newSeed(): number
}
