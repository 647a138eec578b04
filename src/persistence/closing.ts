import { StoreError } from '../errors.ts'
import type { StorageAdapter } from './storage.ts'
import { withStorageErrors } from './storage-error.ts'
import { Timer } from './timer.ts'

const CLOSE_TIMEOUT_MS = 60_000
/** What a storage gets to release its lease when the time is up: it may be what hangs. */
const RELEASE_MS = 5_000

/**
 * Closes a storage within a time limit.
 * @param settle waits until everything is stored
 * @param end called in any case, then no further write may begin. Resolves when the last write has ended
 * @param abandon called when no write is under way, or the time is up
 */
export async function closeWithin(
  storage: StorageAdapter,
  timeoutMs: number = CLOSE_TIMEOUT_MS,
  { settle, end, abandon }: { settle(): Promise<void>; end(): Promise<unknown>; abandon(): void },
): Promise<void> {
  const limit = limitOf(timeoutMs, `The storage has not stored everything within ${timeoutMs} ms of close()`)
  try {
    await limit.race(settle())
  } finally {
    try {
      await limit.race(end())
    } finally {
      limit.clear()
      abandon()
      await releaseStorage(storage, Math.min(timeoutMs, RELEASE_MS))
    }
  }
}

/** For callers who still wait when a store is closed. */
export function unstoredError(): StoreError {
  return new StoreError('CLOSED', 'The store was closed before this was stored. Open it again and repeat.')
}

/** Closes a storage. @throws STORAGE_ERROR also if it does not settle */
export async function releaseStorage(storage: StorageAdapter, timeoutMs: number = RELEASE_MS): Promise<void> {
  const limit = limitOf(timeoutMs, `${storage.name} was not released within ${timeoutMs} ms`)
  try {
    await limit.race(withStorageErrors(`close ${storage.name}`, () => storage.close()))
  } finally {
    limit.clear()
  }
}

function limitOf(ms: number, finding: string): { race<T>(work: Promise<T>): Promise<T>; clear(): void } {
  const timer = new Timer()
  let isCleared = false
  const late = timer.pause(ms).then(() => {
    if (!isCleared) throw new StoreError('STORAGE_ERROR', `${finding}.`)
  })
  late.catch(() => {})
  return {
    race: (work) => Promise.race([work, late.then(() => work)]),
    clear() {
      isCleared = true
      timer.clear()
    },
  }
}
