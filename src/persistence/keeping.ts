import type { Durability, Snapshot } from './place.ts'

/** How firmly and how often a store is kept. */
export interface KeeperOptions {
  readonly durability: Durability
  /** The least size of the log at which a snapshot is due, in bytes. A larger last snapshot raises it to its own size. */
  readonly logBytes: number
  /** After so long without a commit a snapshot is due earlier: at a quarter of the size that makes it due otherwise. In ms. */
  readonly idleMs: number
  /** How much may wait for a place that fails, in bytes (estimated), before further writes are refused. */
  readonly backlogBytes: number
  /** How long commits that nobody waits for may gather before they are appended together, in ms. At once unless given. */
  readonly gatherMs?: number | undefined
  /**
   * The store as it is now. May itself commit first; what it commits comes before the snapshot.
   */
  readonly snapshot: () => Snapshot
}

export interface KeeperStatus {
  /** `clean`: nothing waits. `saving`: something is on its way. `failing`: the place refuses; it is tried again. `lost`: another writer has the place. */
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
  readonly waitingBytes: number
}
