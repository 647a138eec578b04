import type { StoreError } from '../errors.ts'
import type { RecordedCommit } from './log/record.ts'
import type { Durability, Snapshot } from './storage.ts'

/** When a persister appends and writes snapshots. */
export interface PersisterOptions {
  readonly durability: Durability
  /**
   * The size of the log, in bytes, from which a snapshot is due. If the last snapshot is larger, its size counts
   * instead.
   * @default 1_048_576
   */
  readonly snapshotAfterLogBytes: number
  /**
   * The idle time in ms after which a snapshot is written if the log has reached a quarter of the size that makes one
   * due. A storage without a log is written after this time.
   * @default 2_000
   */
  readonly snapshotAfterIdleMs: number
  /**
   * The estimated size in bytes of pending commits from which writes are refused while the storage fails.
   * @default 67_108_864
   */
  readonly maxPendingBytes: number
  /**
   * The time in ms after which `close()` stops waiting for the storage, rejects what is still pending, and releases the
   * storage.
   * @default 60_000
   */
  readonly closeTimeoutMs?: number | undefined
  /** The time in ms for which commits that no caller awaits are grouped into one append. Default: 0. */
  readonly groupCommitMs?: number | undefined
  /** Exports the store. May commit first; the snapshot contains those commits. */
  readonly snapshot: () => Snapshot
  /**
   * Receives background work that no caller may await, for runtimes that end such work together with the request that
   * began it.
   */
  readonly background?: ((work: Promise<unknown>) => void) | undefined
}

/** How far a store is durable. */
export interface PersisterStatus {
  /**
   * `clean`: nothing is pending. `saving`: a write is under way. `failing`: the storage refuses writes, which are
   * retried. `lost`: another writer holds the storage, or the storage is gone.
   */
  readonly state: 'clean' | 'saving' | 'failing' | 'lost'
  /** The message of the last error while `failing` or `lost`. */
  readonly reason: string | undefined
  /**
   * The sequence of the last commit that survives the death of the process (`relaxed`) or a power cut (`strict`); 0 in
   * a storage that persists nothing.
   */
  readonly durableSequence: number
  /** The size of the log since the last snapshot, in bytes. */
  readonly logBytes: number
  /** The size of the last snapshot, in bytes. */
  readonly snapshotBytes: number
  /** The estimated size of the pending commits, in bytes. */
  readonly pendingBytes: number
}

/** Appends commits to a storage and writes snapshots. */
export interface Persister {
  readonly status: PersisterStatus
  /** The sequence of the last commit with this durability. */
  durableSequence(durability: Durability): number
  /**
   * @throws INVALID_ARGUMENT for a commit that is too large; LEASE_LOST, STORE_MISSING; STORAGE_FULL or STORAGE_ERROR
   * while the storage fails and more than `maxPendingBytes` are pending
   */
  checkWritable(statements: RecordedCommit['statements']): void
  /** Queues a commit. */
  commit(commit: RecordedCommit): void
  /**
   * Resolves when everything committed so far is on the disk (`synced`), or is as durable as the store's durability
   * requires.
   * @throws LEASE_LOST, STORE_MISSING; STORAGE_FULL or STORAGE_ERROR after several failures, while retrying continues
   */
  whenDurable(synced?: boolean): Promise<void>
  /** Resolves when few enough bytes are pending. Does not wait for a failing storage: `status` reports it. */
  whenWritable(): Promise<void>
  /** Writes a snapshot of everything committed so far. Rejects as `whenDurable` does. */
  snapshot(): Promise<void>
  /**
   * Persists what is pending, then releases the storage in any case.
   * @throws STORAGE_ERROR after `closeTimeoutMs`
   */
  close(): Promise<void>
}

/** Whether another writer holds the storage or the storage is gone: no further attempt can succeed. */
export function isLoss(error: StoreError | undefined): boolean {
  return error?.code === 'LEASE_LOST' || error?.code === 'STORE_MISSING'
}
