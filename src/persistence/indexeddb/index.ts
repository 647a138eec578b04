import { promisifyRequest } from 'idb-keyval'
import { checkPlatform, coded } from './errors.ts'
import { IndexedDbStorage } from './indexeddb-storage.ts'
import { databaseName, lockName, storageName } from './names.ts'
import type { IndexedDbStorageAdapter, IndexedDbStorageOptions } from './options.ts'
import { forget } from './store-marker.ts'
import { acquireLock } from './web-lock.ts'

export type { IndexedDbChange, IndexedDbStorageAdapter, IndexedDbStorageOptions } from './options.ts'

/** As long as an opening waits unless told otherwise; a lock passes on up to 350 ms after its holder died. */
const DELETE_WAIT_MS = 2_000

/**
 * A storage that is a database of the browser, of one object store: the records of the log, the parts and heads of two
 * snapshots, and the lease, which every transaction that writes reads first. Its `open` also rejects with UNSUPPORTED,
 * its `append` and `replace` with STORE_MISSING when the database was removed meanwhile.
 */
export function indexedDbStorage(name: string, options: IndexedDbStorageOptions = {}): IndexedDbStorageAdapter {
  return new IndexedDbStorage(name, options)
}

/**
 * Removes a storage and all that is expectedStore of it but by the caller: it can be opened as a new one afterwards. Rejects
 * with LOCKED after `lockTimeoutMs` while a writer holds it, UNSUPPORTED, STORAGE_ERROR.
 */
export async function deleteIndexedDbStorage(name: string, lockTimeoutMs: number = DELETE_WAIT_MS): Promise<void> {
  const storage = storageName(name)
  checkPlatform(storage)
  const lock = await acquireLock(lockName(name), lockTimeoutMs)
  try {
    await coded(`delete ${storage}`, async () => {
      await forget(storage)
      await promisifyRequest(indexedDB.deleteDatabase(databaseName(name)))
    })
  } finally {
    await lock.release()
  }
}
