import type { StoreMarker } from '../log/recovery.ts'
import type { StorageAdapter } from '../storage.ts'

/** A change that a storage makes in the browser's storage; named so that a test can stop before it. */
export type IndexedDbChange = 'append' | 'snapshot' | 'head' | 'remove' | 'storeMarker'

/** What a storage in a database of the browser can be told. */
export interface IndexedDbStorageOptions {
  /** What the caller was last told to remember, where it still knows: an empty storage is then STORE_MISSING, not a new store. */
  readonly expectedStore?: StoreMarker | undefined
  /** Called after each snapshot and at the end with what the caller should remember apart from IndexedDB. */
  readonly onStoreMarker?: ((storeMarker: StoreMarker) => void) | undefined
  /** Called once when another page or worker is seen to hold the storage, before it is waited for. */
  readonly onBlocked?: (() => void) | undefined
  /** Called before each change, which waits for it. What it throws, the change throws. */
  readonly beforeChange?: ((change: IndexedDbChange) => void | Promise<void>) | undefined
}

export interface IndexedDbStorageAdapter extends StorageAdapter {
  /** Closes the connection to the database when its transactions have ended; the next use opens another. The lease stays. */
  rest(): void
}
