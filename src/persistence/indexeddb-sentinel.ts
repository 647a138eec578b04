import { reasonOf } from './indexeddb-errors.ts'
import type { Sentinel } from './recovery.ts'

/** Kept apart from the database, so that it is still there when the browser or a person has removed that. */
const CACHE = 'learning-store'

/** What is known of the store of a place, from all that remember it, and what keeps one of them from it. */
export interface Recalled {
  readonly sentinels: readonly Sentinel[]
  readonly notes: readonly string[]
}

/** @param remembered what the caller knows from elsewhere. */
export async function recall(place: string, remembered: Sentinel | undefined): Promise<Recalled> {
  const others = remembered ? [remembered] : []
  try {
    const cache = await caches.open(CACHE)
    const response = await cache.match(addressOf(place))
    return { sentinels: response ? [...others, (await response.json()) as Sentinel] : others, notes: [] }
  } catch (error) {
    const note = `Cache Storage refuses to remember ${place} (${reasonOf(error)}): should its database be removed, only the caller can tell.`
    return { sentinels: others, notes: [note] }
  }
}

/** Where the platform refuses, the store is kept all the same, and its next opening says so. */
export async function remember(place: string, { storeId, sequence }: Sentinel): Promise<void> {
  try {
    const cache = await caches.open(CACHE)
    await cache.put(addressOf(place), Response.json({ storeId, sequence }))
  } catch {}
}

/** What the platform refuses to forget it was never able to remember. */
export async function forget(place: string): Promise<void> {
  try {
    const cache = await caches.open(CACHE)
    await cache.delete(addressOf(place))
  } catch {}
}

/** A cache wants an address of the web. Nothing is ever fetched from it. */
function addressOf(place: string): string {
  return `${location.origin}/.learning-store/${encodeURIComponent(place)}`
}
