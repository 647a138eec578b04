import type { StoreMarker } from '../log/recovery.ts'
import { reasonOf } from './errors.ts'

/**
 * The name of the cache that holds a store's marker. Cache Storage is separate from IndexedDB, so the marker is still
 * there if the browser or a person has deleted the database. Each storage has its own cache: a power cut can damage one
 * permanently, and then it is created again.
 */
function cacheOf(storage: string): string {
  return `learning-store ${storage}`
}

/** The markers of a store from all sources, and why one of them could not be read. */
export interface LoadedStoreMarkers {
  readonly storeMarkers: readonly StoreMarker[]
  readonly notes: readonly string[]
}

/** @param expectedStore the marker that the caller has */
export async function loadStoreMarkers(
  storage: string,
  expectedStore: StoreMarker | undefined,
): Promise<LoadedStoreMarkers> {
  const others = expectedStore ? [expectedStore] : []
  try {
    // Opening a cache would create it, which a reader must not.
    const isThere = await caches.has(cacheOf(storage))
    const response = isThere ? await (await caches.open(cacheOf(storage))).match(addressOf(storage)) : undefined
    return { storeMarkers: response ? [...others, (await response.json()) as StoreMarker] : others, notes: [] }
  } catch (error) {
    const note = `Cache Storage cannot be read for ${storage} (${reasonOf(error)}), so a deleted database may go unnoticed.`
    return { storeMarkers: others, notes: [note] }
  }
}

/** Failures are ignored: the store is durable without a marker, and the next opening reports the problem. */
export async function saveStoreMarker(storage: string, { storeId, sequence }: StoreMarker): Promise<void> {
  const put = async (): Promise<void> => {
    const cache = await caches.open(cacheOf(storage))
    await cache.put(addressOf(storage), Response.json({ storeId, sequence }))
    // A damaged cache can accept a write that it cannot read.
    await cache.match(addressOf(storage))
  }
  await put()
    .catch(() => deleteStoreMarker(storage).then(put))
    .catch(() => {})
}

/** Failures are ignored: a cache that cannot be deleted could not be written either. */
export async function deleteStoreMarker(storage: string): Promise<void> {
  try {
    await caches.delete(cacheOf(storage))
  } catch {}
}

/** A cache needs a URL as the key. Nothing is ever fetched from it. */
function addressOf(storage: string): string {
  return `${location.origin}/.learning-store/${encodeURIComponent(storage)}`
}
