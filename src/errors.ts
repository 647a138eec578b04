/** The codes of a `StoreError`. The list is closed: callers switch on it, on both sides of a worker. */
export type StoreErrorCode =
  /** An argument is not what the method takes; nothing was changed. */
  | 'INVALID_ARGUMENT'
  /**
   * The file or storage holds another program's data; it was not changed. Or the format of an imported file is unknown.
   */
  | 'NOT_A_STORE'
  /** Another program edited the snapshot although records of the log follow it; nothing was changed. */
  | 'MODIFIED_EXTERNALLY'
  /** A newer version of this package wrote the store. */
  | 'SCHEMA_TOO_NEW'
  /** Another writer holds the storage. */
  | 'LOCKED'
  /** The store was opened with `readOnly`, and the call would change it; nothing was changed. */
  | 'READ_ONLY'
  /** Another writer has taken the storage over; this store can no longer write. */
  | 'LEASE_LOST'
  /** The storage is empty although it held a store. */
  | 'STORE_MISSING'
  /** No snapshot of the store is whole. */
  | 'CORRUPT_SNAPSHOT'
  /** The log is damaged before its last record, or records are missing. */
  | 'CORRUPT_LOG'
  /** The storage has no room for the pending writes. */
  | 'STORAGE_FULL'
  /** The storage failed for a reason other than space. */
  | 'STORAGE_ERROR'
  /** The platform lacks what the storage or the host needs, or the agent's algorithm what the call needs. */
  | 'UNSUPPORTED'
  /** The worker of the store did not load, died or was terminated; the operation may or may not have happened. */
  | 'WORKER_LOST'
  /** The code of a part of the store did not load; nothing was changed, and the next call tries again. */
  | 'MODULE_LOAD_FAILED'
  /** The browser did not grant the required persistence. */
  | 'NOT_PERSISTENT'
  /**
   * The caller has no access to the entry of the shared memory; nothing was changed, and nothing of its value is
   * disclosed.
   */
  | 'ACCESS_DENIED'
  /** The agent has no decision with this id; nothing was changed. */
  | 'NOT_FOUND'
  /** The decision already has another reward; nothing was changed. */
  | 'ALREADY_REWARDED'
  /** The reward came after the decision expired; nothing was changed. */
  | 'DECISION_EXPIRED'
  /** A value, a call or a file exceeds a limit; nothing was changed. */
  | 'TOO_LARGE'
  /** The query ran longer than `timeoutMs` and was stopped. */
  | 'TIMEOUT'
  /** The storage is encrypted with another key. */
  | 'WRONG_KEY'
  /** The caller stopped the operation. */
  | 'ABORTED'
  /** The store was closed. */
  | 'CLOSED'
  /** SQLite refused a statement. */
  | 'SQL_ERROR'

/**
 * The error class of this package. `code` is one of a closed list, `message` says what happened and what to do, `cause`
 * is the original error, if any.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The text of anything that was thrown. Never throws: user code can throw values that cannot become text. */
export function textOf(thrown: unknown): string {
  try {
    return `${thrown instanceof Error ? thrown.message : String(thrown)}`
  } catch {
    return 'an object without a text was thrown'
  }
}

/** Whether an error says that something given cannot be taken, whoever gives it. */
export function isRefusal(error: unknown): error is StoreError & { readonly code: 'INVALID_ARGUMENT' | 'TOO_LARGE' } {
  return error instanceof StoreError && (error.code === 'INVALID_ARGUMENT' || error.code === 'TOO_LARGE')
}

export function closedError(): StoreError {
  return new StoreError('CLOSED', 'The store is closed')
}

export function abortedError(): StoreError {
  return new StoreError('ABORTED', 'The operation was aborted')
}

/** A lazily loaded module failed to load. @param what what it provides */
export function moduleLoadFailed(what: string, cause: unknown): StoreError {
  const remedy = 'Check the network and the deployed files; service workers need learning-store/standalone.'
  return new StoreError('MODULE_LOAD_FAILED', `The code for ${what} did not load: ${String(cause)}. ${remedy}`, {
    cause,
  })
}

/** For `import(...).catch`. @param what what the module provides. @throws MODULE_LOAD_FAILED */
export function failedToLoad(what: string): (cause: unknown) => never {
  return (cause) => {
    throw moduleLoadFailed(what, cause)
  }
}
