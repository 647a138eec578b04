import { StoreError, textOf } from '../../errors.ts'

/** Runs `work` and wraps its errors in a StoreError. @param action what it does, for "Failed to …" */
export async function coded<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    const failure = `Failed to ${action}: ${reasonOf(cause)}`
    // The browser blocks cookies, or the page is a sandboxed or cross-site frame.
    if (isNamed(cause, 'SecurityError')) throw unsupported(failure, cause)
    // Chromium reports a full disk as a DataError; valid keys and values give it no other reason for one.
    const isFull = isNamed(cause, 'QuotaExceededError', 'DataError')
    throw new StoreError(isFull ? 'STORAGE_FULL' : 'STORAGE_ERROR', failure, { cause })
  }
}

export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof DOMException && names.includes(error.name)
}

/** The reason of a platform error, with its name: the message may be empty. */
export function reasonOf(cause: unknown): string {
  if (cause === null || cause === undefined) return 'the transaction was aborted'
  return cause instanceof DOMException ? `${cause.name} ${cause.message}`.trim() : textOf(cause)
}

/** @throws UNSUPPORTED if the platform lacks something that the guarantees of the storage need */
export function checkPlatform(name: string): void {
  const { indexedDB, navigator, crypto } = globalThis as Partial<typeof globalThis>
  const features = { indexedDB, 'navigator.locks': navigator?.locks, 'crypto.subtle': crypto?.subtle }
  const missing = Object.entries(features).flatMap(([feature, value]) => (value ? [] : [feature]))
  if (missing.length > 0) throw unsupported(`This context has no ${missing.join(', ')}, which ${name} needs`)
}

function unsupported(finding: string, cause?: unknown): StoreError {
  const remedy = globalThis.isSecureContext === false ? 'https or localhost' : "`storage: 'memory:'`"
  return new StoreError('UNSUPPORTED', `${finding}. Use ${remedy}.`, { cause })
}
