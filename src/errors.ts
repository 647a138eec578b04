/** Every code a caller can meet. The list is closed: callers switch on it, on both sides of a worker. */
export type StoreErrorCode =
  /** An argument is not what the method takes; nothing was changed. */
  | 'INVALID_ARGUMENT'
  /** The file or storage holds something that is not ours; not one byte of it was changed. */
  | 'NOT_A_STORE'
  /** The snapshot was edited by another program while records of the log still follow it; nothing was changed. */
  | 'MODIFIED_EXTERNALLY'
  /** The store was written by a newer version of this package. */
  | 'SCHEMA_TOO_NEW'
  /** Another writer holds the storage. */
  | 'LOCKED'
  /** Another writer took the storage over; this store can no longer write. */
  | 'LEASE_LOST'
  /** The storage is empty although a store was kept there. */
  | 'STORE_MISSING'
  /** No snapshot of the store is whole. */
  | 'CORRUPT_SNAPSHOT'
  /** The log is damaged before its last record, or records are missing. */
  | 'CORRUPT_LOG'
  /** The storage has no room for what waits to be kept. */
  | 'STORAGE_FULL'
  /** The storage refuses to keep what waits, for another reason than room. */
  | 'STORAGE_ERROR'
  /** The platform lacks what the storage or host needs. */
  | 'UNSUPPORTED'
  /**
   * The worker of the store did not load, died or was ended; what it was asked may have happened or not. Or the code of one part of
   * the store did not load: then nothing was changed, and the next call tries again.
   */
  | 'WORKER_LOST'
  /** The browser did not grant the persistence that was required. */
  | 'NOT_PERSISTENT'
  /** Who asks may not do this with an entry of the shared memory; nothing was changed, and nothing is told of its value. */
  | 'ACCESS_DENIED'
  /** The caller stopped it. */
  | 'ABORTED'
  /** The store was closed. */
  | 'CLOSED'
  /** SQLite refused a statement. */
  | 'SQL_ERROR'

/** The one error class of this package: a closed code, and a message that says what was expected and what was got. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function closedError(): StoreError {
  return new StoreError('CLOSED', 'Expected an open store, got one that was closed')
}

export function abortedError(): StoreError {
  return new StoreError('ABORTED', 'Expected to be let finish, but the caller stopped it')
}

/** @param what whose code is loaded when it is first asked for. */
export function notLoaded(what: string, cause: unknown): StoreError {
  return new StoreError('WORKER_LOST', `Expected the code of ${what} to load, got ${String(cause)}`, { cause })
}
