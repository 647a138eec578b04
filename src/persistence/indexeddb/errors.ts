import { StoreError } from '../../errors.ts'

/** What `work` resolves with. What it rejects with has a code: its own, or STORAGE_FULL or STORAGE_ERROR. */
export async function coded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    // Chromium answers a full disk with a DataError; our keys and values give it no other reason for one.
    const isFull = isNamed(cause, 'QuotaExceededError', 'DataError')
    throw new StoreError(isFull ? 'STORAGE_FULL' : 'STORAGE_ERROR', `Expected to ${what}: ${reasonOf(cause)}`, {
      cause,
    })
  }
}

export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof DOMException && names.includes(error.name)
}

/** The name of an error of the platform too: its message may be empty. */
export function reasonOf(cause: unknown): string {
  if (cause === null || cause === undefined) return 'the transaction was aborted'
  return cause instanceof DOMException ? `${cause.name} ${cause.message}`.trim() : String(cause)
}

/** @throws UNSUPPORTED when something is missing without which the promises of the storage cannot be kept. */
export function checkPlatform(name: string): void {
  const { indexedDB, navigator, crypto } = globalThis as Partial<typeof globalThis>
  const parts = { indexedDB, 'navigator.locks': navigator?.locks, 'crypto.subtle': crypto?.subtle }
  const missing = Object.entries(parts).flatMap(([part, value]) => (value ? [] : [part]))
  if (missing.length === 0) return
  const why = globalThis.isSecureContext === false ? ' This context is not secure: use https or localhost.' : ''
  throw new StoreError('UNSUPPORTED', `Expected ${missing.join(', ')} for ${name}, got a platform without.${why}`)
}
