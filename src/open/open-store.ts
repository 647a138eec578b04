import type { CommitListener } from '../learning/commits.ts'
import type { CoreOptions } from '../learning/core/core.ts'
import type { NamedOperation } from '../learning/lazy-modules.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { Persister, PersisterOptions, PersisterStatus } from '../persistence/persister.ts'
import type { Durability, StorageAdapter } from '../persistence/storage.ts'
import type { Engine } from '../sql/engine.ts'
import type { Job, JobResults } from '../transfer/job.ts'
import type { Tick } from '../transfer/run-job.ts'

/** When a store writes snapshots, how much may be pending, and how long closing waits. Defaults suit most programs. */
export type PersistenceOptions = Partial<
  Pick<PersisterOptions, 'snapshotAfterLogBytes' | 'snapshotAfterIdleMs' | 'maxPendingBytes' | 'closeTimeoutMs'>
>

/** The options of `openStore`. */
export interface OpenStoreOptions extends CoreOptions {
  readonly engine: Engine
  readonly storage: StorageAdapter
  /**
   * What an acknowledged write survives.
   * @default 'relaxed'
   */
  readonly durability?: Durability | undefined
  /**
   * Read the store without a lease, beside its writer if it has one; then nothing can be changed.
   * @default false
   */
  readonly readOnly?: boolean | undefined
  /**
   * How long to wait for another writer to release the storage, in ms.
   * @default 2_000
   */
  readonly lockTimeoutMs?: number | undefined
  /** When the store writes snapshots, and how much may be pending. */
  readonly persistence?: PersistenceOptions | undefined
  /** Groups commits for this long, in ms: worthwhile where an append delays the operations that come meanwhile. */
  readonly groupCommitMs?: number | undefined
  /** Receives background work, such as this opening, for runtimes that end it with the request that began it. */
  readonly background?: PersisterOptions['background']
}

/** What a read-only store reports of the storage in place of a persister. */
export interface ReaderStatus extends PersisterStatus {
  /** When the newest part of what was read was written, in ISO 8601; undefined if the storage has no times. */
  readonly writtenAt: string | undefined
}

/** An open store: what a client needs. */
export interface OpenStore {
  /** Another one after each `refresh` that found something. */
  readonly store: LearningStore
  readonly storage: StorageAdapter
  readonly durability: Durability
  /** Undefined if the storage persists nothing. */
  readonly persister: Persister | undefined
  /** Undefined unless the store is read-only. */
  readonly reader: ReaderStatus | undefined
  /** Repairs made while opening, as sentences for people. */
  readonly notes: readonly string[]
  /** As `LazyModules.ready`, after a `refresh` that is under way. */
  ready(operations: readonly NamedOperation[]): Promise<void> | undefined
  /** Follows the writer of a read-only store. Resolves with the sequence of the store. */
  refresh(): Promise<number>
  /** Runs a long operation in slices. */
  work(job: Job, tick: Tick): Promise<JobResults[Job['kind']]>
  /** Calls a watcher with the commits of each tick, not from within an operation. Returns a function that ends it. */
  watch(watcher: CommitListener): () => void
  close(): Promise<void>
}
