import type { StoreError } from '../errors.ts'
import type { RecordedCommit } from './log/record.ts'
import type { Durability, Snapshot } from './storage.ts'

/** How firmly and how often a store is kept. */
export interface PersisterOptions {
  readonly durability: Durability
  /** The least size of the log at which a snapshot is due, in bytes. A larger last snapshot raises it to its own size. */
  readonly snapshotAfterLogBytes: number
  /** After so long without a commit a snapshot is due earlier: at a quarter of the size that makes it due otherwise. In ms. */
  readonly snapshotAfterIdleMs: number
  /** How much may wait for a storage that fails, in bytes (estimated), before further writes are refused. */
  readonly maxPendingBytes: number
  /** How long commits that nobody waits for may gather before they are appended together, in ms. At once unless given. */
  readonly gatherMs?: number | undefined
  /**
   * The store as it is now. May itself commit first; what it commits comes before the snapshot.
   */
  readonly snapshot: () => Snapshot
  /** Told of work that nobody may be waiting for, where a runtime ends that together with the request that began it. */
  readonly background?: ((work: Promise<unknown>) => void) | undefined
}

export interface PersisterStatus {
  /** `clean`: nothing waits. `saving`: something is on its way. `failing`: the storage refuses; it is tried again. `lost`: another writer has the storage. */
  readonly state: 'clean' | 'saving' | 'failing' | 'lost'
  /** Why it is failing or lost. */
  readonly reason: string | undefined
  /** The last commit that survives the process (`relaxed`) or a power cut (`strict`); 0 where nothing is kept. */
  readonly durableSequence: number
  /** Size of the log since the last snapshot, in bytes. */
  readonly logBytes: number
  /** Size of the last snapshot, in bytes. */
  readonly snapshotBytes: number
  /** Estimated size of what waits to be appended, in bytes. */
  readonly pendingBytes: number
}

/** Brings commits to a storage. */
export interface Persister {
  readonly status: PersisterStatus
  /** The last commit that is kept so firmly. */
  durableSequence(durability: Durability): number
  /** @throws INVALID_ARGUMENT for a commit that is too large, LEASE_LOST, STORE_MISSING, or STORAGE_FULL or STORAGE_ERROR while more waits than the backlog may hold. */
  checkWritable(statements: RecordedCommit['statements']): void
  /** Takes over a commit. */
  commit(commit: RecordedCommit): void
  /**
   * Resolves once everything committed so far is on the disk (`synced`), or as awaitDurability as the store's durability says.
   * Rejects with LEASE_LOST, STORE_MISSING, STORAGE_FULL or STORAGE_ERROR when the storage keeps refusing; unless it is lost,
   * it is tried on all the same.
   */
  whenDurable(synced?: boolean): Promise<void>
  /** Resolves when little enough waits to be kept. Trouble is not waited for: `status` tells it. */
  whenWritable(): Promise<void>
  /** Writes a snapshot now, after all that was committed. Rejects as `whenDurable` does. */
  snapshot(): Promise<void>
  /** Persists what waits, then gives the storage back, whatever happened. */
  close(): Promise<void>
}

/** The storage is another writer's, or is no more: no further attempt can keep anything. */
export function isLoss(trouble: StoreError | undefined): boolean {
  return trouble?.code === 'LEASE_LOST' || trouble?.code === 'STORE_MISSING'
}
