import type { StoreMarker } from '../../persistence/log/recovery.ts'

/**
 * The store's marker in localStorage, apart from the storage, so that an emptied storage is not mistaken for a new one.
 * Browsers that evict an origin's databases may spare its localStorage; workers cannot access it.
 */

export function loadMarker(storage: string): StoreMarker | undefined {
  try {
    const { storeId, sequence } = JSON.parse(
      globalThis.localStorage?.getItem(nameOf(storage)) ?? '{}',
    ) as Partial<StoreMarker>
    return typeof storeId === 'string' && typeof sequence === 'number' ? { storeId, sequence } : undefined
  } catch {
    // Another program wrote this entry, or access is denied.
    return undefined
  }
}

/** Best effort: the storage has a marker of its own. */
export function saveMarker(storage: string, storeMarker: StoreMarker): void {
  try {
    globalThis.localStorage?.setItem(nameOf(storage), JSON.stringify(storeMarker))
  } catch {
    // localStorage is full, or access is denied.
  }
}

export function deleteMarker(storage: string): void {
  try {
    globalThis.localStorage?.removeItem(nameOf(storage))
  } catch {
    // Access is denied: there is no marker then.
  }
}

function nameOf(storage: string): string {
  return `learning-store ${storage}`
}
