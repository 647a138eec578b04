import type { RecordedCommit } from './log/record.ts'

/** `relaxed`: survives the death of the process. `strict`: survives a power cut. */
export type Durability = 'relaxed' | 'strict'

/**
 * What kind of bytes a storage is able to keep: a log and snapshots; snapshots only (it refuses `strict`); or nothing
 * beyond the life of the store.
 */
export type Persists = 'log' | 'snapshots' | 'nothing'

/** How bytes that no longer have the hash they were written with came to be so. */
export type Verdict = 'edited' | 'damaged' | 'foreign'

/** What a storage is told when it is opened. */
export interface OpenOptions {
  /** How long to wait for another writer to give the storage back, in ms. */
  readonly lockTimeoutMs: number
  /**
   * Judges bytes found where the newest snapshot should be, from them and from the first 100 bytes of what was written,
   * where that is known. The storage knows bytes only; who opens it knows what they mean.
   */
  readonly judge: (found: Uint8Array, writtenHeader: Uint8Array | undefined) => Verdict
}

/** What a storage held when it was opened. */
export interface StoredState {
  /** The newest whole snapshot; undefined in a storage where nothing was ever kept. */
  readonly snapshot: Uint8Array | undefined
  /** The sequence of the snapshot; undefined where only the snapshot itself can tell (a file that came without its log). */
  readonly sequence: number | undefined
  /** Every commit after the snapshot, without a gap. */
  readonly commits: readonly RecordedCommit[]
  /** Whether the storage should be given a new snapshot before anything else: it holds fewer than it should. */
  readonly wantsSnapshot: boolean
  /**
   * The snapshot has the hash that it was written with, or was judged `edited`. Who opens it need not look whether its pages
   * fit together, which takes longer than all else.
   */
  readonly isWhole?: boolean
  /** What was found out of order and how it was settled, for people. */
  readonly notes: readonly string[]
}

/** A snapshot and what the storage must remember of it. */
export interface Snapshot {
  /** The whole database, as SQLite exports it. */
  readonly bytes: Uint8Array
  /** The last commit that is in it. */
  readonly sequence: number
  /** Whose database it is. */
  readonly storeId: string
}

/**
 * Where a store is kept. One object is one opening; calls come from one persister, one `append` and one `replace` at a
 * time. An `append` may come while a `replace` is under way, a `replace` never while an `append` is.
 */
export interface StorageAdapter {
  /** As in the `storage` option: `file:/home/me/learning.db`. */
  readonly name: string
  /** What it is able to keep. */
  readonly persists: Persists

  /**
   * Claims the storage and loads it. Rejects, and holds no lease, with
   * LOCKED after `lockTimeoutMs` while another writer holds it; CORRUPT_LOG; CORRUPT_SNAPSHOT; MODIFIED_EXTERNALLY; NOT_A_STORE;
   * STORE_MISSING.
   */
  open(options: OpenOptions): Promise<StoredState>

  /**
   * Resolves when the records are kept, in one write, as firmly as `durability` says; with `strict`, so is everything
   * before them. May be called again with the same records after it rejected. Rejects with LEASE_LOST when another
   * writer has taken the storage over, STORAGE_FULL or STORAGE_ERROR.
   */
  append(records: readonly Uint8Array[], durability: Durability): Promise<void>

  /**
   * Resolves when the snapshot stands durably as the newest. Records appended from the call on follow it. The previous
   * snapshot and the records after it stay until the next one stands. Rejects as `append` does.
   */
  replace(snapshot: Snapshot): Promise<void>

  /** Gives the lease back, whatever happened before. */
  close(): Promise<void>
}

/** A storage that keeps snapshots and no log: what was committed after the last one is lost with the process, and `strict` is refused. */
export type SnapshotOnlyStorageAdapter = StorageAdapter & { readonly persists: 'snapshots' }

/** A storage that keeps no log, and may keep nothing at all: `strict` is refused. */
export type LoglessStorageAdapter = StorageAdapter & { readonly persists: Exclude<Persists, 'log'> }
