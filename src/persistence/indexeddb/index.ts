import { promisifyRequest } from 'idb-keyval'
import { checkPlatform, coded } from './errors.ts'
import { IndexedDbStorage } from './indexeddb-storage.ts'
import { databaseName, lockName, storageName } from './names.ts'
import type { IndexedDbStorageAdapter, IndexedDbStorageOptions } from './options.ts'
import { deleteStoreMarker } from './store-marker.ts'
import { acquireLock } from './web-lock.ts'

export type { IndexedDbChange, IndexedDbStorageAdapter, IndexedDbStorageOptions } from './options.ts'

/** The default of `lockTimeoutMs` when opening; a lock is released up to 350 ms after its holder died. */
const LOCK_TIMEOUT_MS = 2_000

/**
 * A storage in an IndexedDB database of one object store: the records of the log, the chunks and manifests of two
 * snapshots, and the lease, which every writing transaction reads first. `open` also rejects with UNSUPPORTED; `append`
 * and `replace` reject with STORE_MISSING if the database was removed.
 */
export function indexedDbStorage(name: string, options: IndexedDbStorageOptions = {}): IndexedDbStorageAdapter {
  return new IndexedDbStorage(name, options)
}

/**
 * Deletes a storage and its marker, so that it can be opened as a new one.
 * @throws LOCKED after `lockTimeoutMs` if a writer holds it
 * @throws UNSUPPORTED, STORAGE_ERROR
 */
export async function deleteIndexedDbStorage(name: string, lockTimeoutMs: number = LOCK_TIMEOUT_MS): Promise<void> {
  const storage = storageName(name)
  checkPlatform(storage)
  await coded(`delete ${storage}`, async () => {
    const lock = await acquireLock(lockName(name), lockTimeoutMs)
    try {
      await deleteStoreMarker(storage)
      await promisifyRequest(indexedDB.deleteDatabase(databaseName(name)))
    } finally {
      await lock.release()
    }
  })
}
