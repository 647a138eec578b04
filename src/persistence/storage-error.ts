import { StoreError } from '../errors.ts'

/** What a place threw, with a code. @param full whether the reason is a lack of room. */
export function storageError(cause: unknown, what = 'keep what the place was given', full = false): StoreError {
  if (cause instanceof StoreError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError(full ? 'STORAGE_FULL' : 'STORAGE_FAILED', `Expected to ${what}: ${reason}`, { cause })
}
