import type { StoreMarker } from '../../persistence/log/recovery.ts'

/**
 * What a page remembers of a store apart from the storage, so that a wiped storage is not taken for a new one. Browsers that
 * evict an origin's databases may spare its localStorage; workers cannot reach it.
 */

export function loadMarker(storage: string): StoreMarker | undefined {
  const text = localStorageIfAllowed()?.getItem(nameOf(storage))
  if (!text) return undefined
  try {
    const { storeId, sequence } = JSON.parse(text) as Partial<StoreMarker>
    return typeof storeId === 'string' && typeof sequence === 'number' ? { storeId, sequence } : undefined
  } catch {
    // Someone else wrote there: nothing is known.
    return undefined
  }
}

/** Best effort: the storage has a storeMarker of its own. */
export function saveMarker(storage: string, storeMarker: StoreMarker): void {
  try {
    localStorageIfAllowed()?.setItem(nameOf(storage), JSON.stringify(storeMarker))
  } catch {
    // Full, or refused.
  }
}

export function deleteMarker(storage: string): void {
  localStorageIfAllowed()?.removeItem(nameOf(storage))
}

function nameOf(storage: string): string {
  return `learning-store ${storage}`
}

/** Undefined in workers, and where cookies are blocked. */
function localStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
