import { StoreError } from '../errors.ts'

/** What a storage threw, with a code. @param full whether the reason is a lack of room. */
export function storageError(cause: unknown, what = 'keep what the storage was given', full = false): StoreError {
  if (cause instanceof StoreError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError(full ? 'STORAGE_FULL' : 'STORAGE_ERROR', `Expected to ${what}: ${reason}`, { cause })
}
