import type { StoreMarker } from '../log/recovery.ts'
import type { StorageAdapter } from '../storage.ts'

/** A change in the database, named so that a test can stop before it. */
export type IndexedDbChange = 'append' | 'snapshot' | 'head' | 'remove' | 'storeMarker'

/** Options of `indexedDbStorage`. */
export interface IndexedDbStorageOptions {
  /**
   * The last marker that `onStoreMarker` received, if the caller has it: an empty storage then rejects with
   * STORE_MISSING instead of becoming a new store.
   */
  readonly expectedStore?: StoreMarker | undefined
  /** Called after each snapshot and on close, with a marker to store outside IndexedDB. */
  readonly onStoreMarker?: ((storeMarker: StoreMarker) => void) | undefined
  /** Called once if another page or worker holds the storage, before the opening waits for it. */
  readonly onBlocked?: (() => void) | undefined
  /** Called before each change, which waits for it and fails with what it throws. For tests. */
  readonly beforeChange?: ((change: IndexedDbChange) => void | Promise<void>) | undefined
}

/** A storage in IndexedDB. */
export interface IndexedDbStorageAdapter extends StorageAdapter {
  /**
   * Closes the connection to the database when its transactions have ended; the next use opens another. The lease
   * stays.
   */
  rest(): void
}
