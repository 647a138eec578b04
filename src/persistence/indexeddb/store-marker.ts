import type { Sentinel } from '../log/recovery.ts'
import { reasonOf } from './errors.ts'

/**
 * Kept apart from the database, so that it is still there when the browser or a person has removed that. Each place has a
 * cache of its own: a power cut can tear one so that it fails for ever, and then it is made anew.
 */
function cacheOf(place: string): string {
  return `learning-store ${place}`
}

/** What is known of the store of a place, from all that remember it, and what keeps one of them from it. */
export interface Recalled {
  readonly sentinels: readonly Sentinel[]
  readonly notes: readonly string[]
}

/** @param remembered what the caller knows from elsewhere. */
export async function recall(place: string, remembered: Sentinel | undefined): Promise<Recalled> {
  const others = remembered ? [remembered] : []
  try {
    const cache = await caches.open(cacheOf(place))
    const response = await cache.match(addressOf(place))
    return { sentinels: response ? [...others, (await response.json()) as Sentinel] : others, notes: [] }
  } catch (error) {
    const note = `Cache Storage fails to tell of ${place} (${reasonOf(error)}): were its database removed, only the caller would know.`
    return { sentinels: others, notes: [note] }
  }
}

/** Where the platform refuses, the store is kept all the same, and its next opening says so. */
export async function remember(place: string, { storeId, sequence }: Sentinel): Promise<void> {
  const put = async (): Promise<void> => {
    const cache = await caches.open(cacheOf(place))
    await cache.put(addressOf(place), Response.json({ storeId, sequence }))
    // A torn entry can be written and not be read.
    await cache.match(addressOf(place))
  }
  await put()
    .catch(() => forget(place).then(put))
    .catch(() => {})
}

/** What the platform refuses to forget it was never able to remember. */
export async function forget(place: string): Promise<void> {
  try {
    await caches.delete(cacheOf(place))
  } catch {}
}

/** A cache wants an address of the web. Nothing is ever fetched from it. */
function addressOf(place: string): string {
  return `${location.origin}/.learning-store/${encodeURIComponent(place)}`
}
