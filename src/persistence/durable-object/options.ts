import type { StoreMarker } from '../log/recovery.ts'

/** What a storage needs of `ctx.storage` of a Durable Object with SQLite (`new_sqlite_classes`). */
export interface DurableObjectStorageLike {
  /** Keys and values, at once. */
  readonly kv: {
    /** The value, or undefined where there is none. */
    get(key: string): unknown
    /** Persists a value under a key. */
    put(key: string, value: unknown): void
    /** Whether there was such a key. */
    delete(key: string): boolean
    /** The keys that begin with `prefix`, and their values, sorted. */
    list(options: { readonly prefix: string }): Iterable<[string, unknown]>
  }
  /** Carries out all of the closure or, where it throws, nothing. */
  transactionSync<T>(closure: () => T): T
  /** Resolves once all that was written is on disks. */
  sync(): Promise<void>
}

/** A change that a storage makes in the storage; named so that a test can stop before it. */
export type DurableObjectChange = 'append' | 'snapshot' | 'head' | 'remove'

/** How a storage in a Durable Object differs from the usual. */
export interface DurableObjectStorageOptions {
  /** What the keys of the store begin with: letters, digits, `_` and `-`; `learning-store` unless given. */
  readonly name?: string | undefined
  /**
   * What the caller was last told to remember, where it still knows: an empty storage is then STORE_MISSING, not a new store.
   * Nothing in the storage of an object outlives its `deleteAll()`.
   */
  readonly expectedStore?: StoreMarker | undefined
  /** Called after each snapshot and at the end with what the caller should remember outside of the object. */
  readonly onStoreMarker?: ((storeMarker: StoreMarker) => void) | undefined
  /** Called before each change, which waits for it. What it throws, the change throws. */
  readonly beforeChange?: ((change: DurableObjectChange) => void | Promise<void>) | undefined
}
