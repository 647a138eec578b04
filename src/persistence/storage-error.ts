import { StoreError } from '../errors.ts'

/**
 * Wraps what a storage threw.
 * @param action what failed, for "Failed to …"
 * @param full whether there was no room
 */
export function storageError(cause: unknown, action = 'write to the storage', full = false): StoreError {
  if (cause instanceof StoreError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError(full ? 'STORAGE_FULL' : 'STORAGE_ERROR', `Failed to ${action}: ${reason}`, { cause })
}
