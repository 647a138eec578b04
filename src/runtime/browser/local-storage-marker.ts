import type { StoreMarker } from '../../persistence/log/recovery.ts'

/**
 * The store's marker in localStorage, apart from the storage, so that an emptied storage is not mistaken for a new one.
 * Browsers that evict an origin's databases may spare its localStorage; workers cannot access it.
 */

export function loadMarker(storage: string): StoreMarker | undefined {
  const text = localStorageIfAllowed()?.getItem(nameOf(storage))
  if (!text) return undefined
  try {
    const { storeId, sequence } = JSON.parse(text) as Partial<StoreMarker>
    return typeof storeId === 'string' && typeof sequence === 'number' ? { storeId, sequence } : undefined
  } catch {
    // Another program wrote this entry.
    return undefined
  }
}

/** Best effort: the storage has a marker of its own. */
export function saveMarker(storage: string, storeMarker: StoreMarker): void {
  try {
    localStorageIfAllowed()?.setItem(nameOf(storage), JSON.stringify(storeMarker))
  } catch {
    // localStorage is full, or access is denied.
  }
}

export function deleteMarker(storage: string): void {
  localStorageIfAllowed()?.removeItem(nameOf(storage))
}

function nameOf(storage: string): string {
  return `learning-store ${storage}`
}

/** Undefined in workers, and if cookies are blocked. */
function localStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
