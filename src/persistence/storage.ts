import type { RecordedCommit } from './log/record.ts'

/**
 * What an acknowledged write survives. `relaxed`: the death of the process, except for the writes of the last
 * milliseconds; `strict`: a power cut.
 */
export type Durability = 'relaxed' | 'strict'

/**
 * What a storage can persist: a log and snapshots; snapshots only (`strict` is refused); or nothing beyond the life of
 * the store.
 */
export type Persists = 'log' | 'snapshots' | 'nothing'

/**
 * Why the bytes of a snapshot do not have the hash that was written: another program edited the store, the bytes are
 * damaged, or they are not a store.
 */
export type SnapshotVerdict = 'edited' | 'damaged' | 'foreign'

/** The options of `StorageAdapter.open`. */
export interface OpenOptions {
  /** How long to wait for another writer to release the storage, in ms. */
  readonly lockTimeoutMs: number
  /**
   * Classifies bytes found in the position of the newest snapshot. A storage knows bytes only; the store knows their
   * format. `writtenHeader` is the first 100 bytes that were written there, if known.
   */
  readonly classify: (found: Uint8Array, writtenHeader: Uint8Array | undefined) => SnapshotVerdict
}

/** The content of a storage when it was opened. */
export interface StoredState {
  /** The newest whole snapshot; undefined in an empty storage. */
  readonly snapshot: Uint8Array | undefined
  /**
   * The sequence of the snapshot; undefined if only the snapshot itself holds it (a file that came without its log).
   */
  readonly sequence: number | undefined
  /** The commits after the snapshot, without a gap. */
  readonly commits: readonly RecordedCommit[]
  /** Whether the storage holds fewer snapshots than it should, so that a new one is due before anything else. */
  readonly wantsSnapshot: boolean
  /**
   * Whether the snapshot has the hash that was written, or was classified as `edited`. The store then skips SQLite's
   * integrity check, the slowest part of opening.
   */
  readonly isWhole?: boolean
  /** Repairs made while opening, as sentences for people. */
  readonly notes: readonly string[]
}

/** How far a reader has come: the snapshot that it started from or has passed since, and the last commit that it has. */
export interface ReadPosition {
  readonly storeId: string
  readonly generation: number
  readonly epoch: number
  readonly sequence: number
}

/** The options of `StorageAdapter.read`. */
export interface ReadOptions extends Pick<OpenOptions, 'classify'> {
  /** The position of an earlier reading, to get only the commits after it; undefined for the whole store. */
  readonly from?: ReadPosition | undefined
}

/** What a reader found. */
export interface ReadState extends Omit<StoredState, 'wantsSnapshot'> {
  /** Whether `commits` follow the position that the reader asked for. Then there is no snapshot. */
  readonly continues: boolean
  /** Where the next reading can start; undefined if it has to load the whole store again. */
  readonly position: ReadPosition | undefined
  /** When the newest part of it was written, in ms since 1970; undefined if the storage has no times. */
  readonly writtenAtMs?: number | undefined
}

/** A snapshot to be written, and its identity. */
export interface Snapshot {
  /** The whole database, as a SQLite file. */
  readonly bytes: Uint8Array
  /** The sequence of the last commit in it. */
  readonly sequence: number
  /** The id of the store. */
  readonly storeId: string
}

/**
 * Where a store's bytes are persisted. One object serves one opening. One persister calls it, with at most one `append`
 * and one `replace` at a time; an `append` may begin during a `replace`, but not the reverse.
 *
 * A wrapper may repeat, delay and overlap these calls, so a storage has to hold: records that it has are skipped;
 * appends run one after another; `snapshot.sequence`, and not the order of calls, says which records a snapshot
 * contains; a snapshot that is older than the newest one is ignored. What it throws may be anything, but it must
 * settle: a call that never does is waited for until `close()` gives up.
 */
export interface StorageAdapter {
  /** The name of the storage, as in the `storage` option: `file:/home/me/learning.db`. */
  readonly name: string
  /** What the storage can persist. */
  readonly persists: Persists

  /**
   * Takes the lease of the storage and loads the store. If it rejects, it holds no lease.
   * @throws LOCKED after `lockTimeoutMs` if another writer holds the lease
   * @throws CORRUPT_LOG, CORRUPT_SNAPSHOT, MODIFIED_EXTERNALLY, NOT_A_STORE, STORE_MISSING
   */
  open(options: OpenOptions): Promise<StoredState>

  /**
   * Loads the store without a lease, while a writer may be at work, and changes nothing. The adapter needs no `open`
   * before and no `close` after. Absent if the storage has no readers.
   * @throws STORE_MISSING, CORRUPT_LOG, CORRUPT_SNAPSHOT, MODIFIED_EXTERNALLY, NOT_A_STORE, STORAGE_ERROR
   */
  read?(options: ReadOptions): Promise<ReadState>

  /**
   * Appends records in one write. Resolves when they are as durable as `durability` requires; with `strict`, so is
   * everything before them. After a rejection, also one after which they are stored, the same records are appended again:
   * a storage skips those whose sequence (`sequenceOf`) it has, and makes the others durable. `records` may be empty.
   * @throws LEASE_LOST if another writer has taken the storage over
   * @throws STORAGE_FULL, STORAGE_ERROR
   */
  append(records: readonly Uint8Array[], durability: Durability): Promise<void>

  /**
   * Writes a snapshot. Resolves when it is durable and the newest. Records with a greater sequence follow it, also those
   * that were appended before this call; the snapshot contains all others. The previous snapshot and the records after
   * it stay until the next snapshot is durable. Rejects as `append` does.
   */
  replace(snapshot: Snapshot): Promise<void>

  /** Releases the lease in any case, also after a call that has not settled. */
  close(): Promise<void>
}

/**
 * A storage of snapshots without a log: the commits after the last snapshot are lost with the process, and `strict` is
 * refused.
 */
export type SnapshotOnlyStorageAdapter = StorageAdapter & { readonly persists: 'snapshots' }

/** A storage without a log, which may persist nothing: `strict` is refused. */
export type LoglessStorageAdapter = StorageAdapter & { readonly persists: Exclude<Persists, 'log'> }
