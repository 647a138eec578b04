import type { StoreMarker } from '../log/recovery.ts'

/**
 * The part of a Durable Object's `ctx.storage` that `durableObjectStorage` uses; the class needs SQLite
 * (`new_sqlite_classes`).
 */
export interface DurableObjectStorageLike {
  /** The synchronous key-value store. */
  readonly kv: {
    /** Returns the value, or undefined if there is none. */
    get(key: string): unknown
    /** Stores a value under a key. */
    put(key: string, value: unknown): void
    /** Deletes a key and returns whether it existed. */
    delete(key: string): boolean
    /** Lists the keys that begin with `prefix`, and their values, sorted by key. */
    list(options: { readonly prefix: string }): Iterable<[string, unknown]>
  }
  /** Runs the closure in a transaction, which is rolled back if it throws. */
  transactionSync<T>(closure: () => T): T
  /** Resolves when everything written so far is on disks. */
  sync(): Promise<void>
}

/** A change in the storage, named so that a test can stop before it. */
export type DurableObjectChange = 'append' | 'snapshot' | 'head' | 'remove'

/** Options of `durableObjectStorage`. */
export interface DurableObjectStorageOptions {
  /**
   * The prefix of the store's keys: letters, digits, `_` and `-`.
   * @default 'learning-store'
   */
  readonly name?: string | undefined
  /**
   * The last marker that `onStoreMarker` received, if the caller has it: an empty storage then rejects with
   * STORE_MISSING instead of becoming a new store. Nothing within the object outlives its `deleteAll()`.
   */
  readonly expectedStore?: StoreMarker | undefined
  /** Called after each snapshot and on close, with a marker to store outside the object. */
  readonly onStoreMarker?: ((storeMarker: StoreMarker) => void) | undefined
  /** Called before each change, which waits for it and fails with what it throws. For tests. */
  readonly beforeChange?: ((change: DurableObjectChange) => void | Promise<void>) | undefined
}
