import type { StoreMarker } from '../log/recovery.ts'
import { reasonOf } from './errors.ts'

/**
 * StoredState apart from the database, so that it is still there when the browser or a person has removed that. Each storage has a
 * cache of its own: a power cut can tear one so that it fails for ever, and then it is made anew.
 */
function cacheOf(storage: string): string {
  return `learning-store ${storage}`
}

/** What is known of the store of a storage, from all that remember it, and what keeps one of them from it. */
export interface Recalled {
  readonly storeMarkers: readonly StoreMarker[]
  readonly notes: readonly string[]
}

/** @param expectedStore what the caller knows from elsewhere. */
export async function recall(storage: string, expectedStore: StoreMarker | undefined): Promise<Recalled> {
  const others = expectedStore ? [expectedStore] : []
  try {
    const cache = await caches.open(cacheOf(storage))
    const response = await cache.match(addressOf(storage))
    return { storeMarkers: response ? [...others, (await response.json()) as StoreMarker] : others, notes: [] }
  } catch (error) {
    const note = `Cache Storage fails to tell of ${storage} (${reasonOf(error)}): were its database removed, only the caller would know.`
    return { storeMarkers: others, notes: [note] }
  }
}

/** Where the platform refuses, the store is kept all the same, and its next opening says so. */
export async function remember(storage: string, { storeId, sequence }: StoreMarker): Promise<void> {
  const put = async (): Promise<void> => {
    const cache = await caches.open(cacheOf(storage))
    await cache.put(addressOf(storage), Response.json({ storeId, sequence }))
    // A torn entry can be written and not be read.
    await cache.match(addressOf(storage))
  }
  await put()
    .catch(() => forget(storage).then(put))
    .catch(() => {})
}

/** What the platform refuses to forget it was never able to remember. */
export async function forget(storage: string): Promise<void> {
  try {
    await caches.delete(cacheOf(storage))
  } catch {}
}

/** A cache wants an address of the web. Nothing is ever fetched from it. */
function addressOf(storage: string): string {
  return `${location.origin}/.learning-store/${encodeURIComponent(storage)}`
}
