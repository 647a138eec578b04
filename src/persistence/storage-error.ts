import { StoreError, textOf } from '../errors.ts'

/**
 * Wraps what a storage threw. Never throws itself.
 * @param action what failed, for "Failed to …"
 * @param full whether there was no room
 */
export function storageError(cause: unknown, action = 'write to the storage', full = false): StoreError {
  try {
    if (cause instanceof StoreError) return cause
  } catch {
    // A proxy may refuse to be examined.
  }
  return new StoreError(full ? 'STORAGE_FULL' : 'STORAGE_ERROR', `Failed to ${action}: ${textOf(cause)}`, { cause })
}

/** Runs `work`, also if it throws at once, and wraps its errors. @param action what it does, for "Failed to …" */
export async function withStorageErrors<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw storageError(cause, action)
  }
}
