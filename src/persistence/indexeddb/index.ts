import { promisifyRequest } from 'idb-keyval'
import { checkPlatform, coded } from './errors.ts'
import { DatabasePlace } from './indexeddb-storage.ts'
import { databaseName, lockName, placeName } from './names.ts'
import type { IndexedDbPlace, IndexedDbPlaceOptions } from './options.ts'
import { forget } from './store-marker.ts'
import { acquireLock } from './web-lock.ts'

export type { IndexedDbChange, IndexedDbPlace, IndexedDbPlaceOptions } from './options.ts'

/** As long as an opening waits unless told otherwise; a lock passes on up to 350 ms after its holder died. */
const DELETE_WAIT_MS = 2_000

/**
 * A place that is a database of the browser, of one object store: the records of the log, the parts and heads of two
 * snapshots, and the claim, which every transaction that writes reads first. Its `open` also rejects with UNSUPPORTED,
 * its `append` and `replace` with PLACE_LOST when the database was removed meanwhile.
 */
export function indexedDbPlace(name: string, options: IndexedDbPlaceOptions = {}): IndexedDbPlace {
  return new DatabasePlace(name, options)
}

/**
 * Removes a place and all that is remembered of it but by the caller: it can be opened as a new one afterwards. Rejects
 * with LOCKED after `waitMs` while a writer holds it, UNSUPPORTED, STORAGE_FAILED.
 */
export async function deleteIndexedDbPlace(name: string, waitMs: number = DELETE_WAIT_MS): Promise<void> {
  const place = placeName(name)
  checkPlatform(place)
  const lock = await acquireLock(lockName(name), waitMs)
  try {
    await coded(`delete ${place}`, async () => {
      await forget(place)
      await promisifyRequest(indexedDB.deleteDatabase(databaseName(name)))
    })
  } finally {
    await lock.release()
  }
}
