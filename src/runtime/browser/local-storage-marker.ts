import type { Sentinel } from '../../persistence/log/recovery.ts'

/**
 * What a page remembers of a store apart from the place, so that a wiped place is not taken for a new one. Browsers that
 * evict an origin's databases may spare its localStorage; workers cannot reach it.
 */

export function recalled(place: string): Sentinel | undefined {
  const text = storage()?.getItem(nameOf(place))
  if (!text) return undefined
  try {
    const { storeId, sequence } = JSON.parse(text) as Partial<Sentinel>
    return typeof storeId === 'string' && typeof sequence === 'number' ? { storeId, sequence } : undefined
  } catch {
    // Someone else wrote there: nothing is remembered.
    return undefined
  }
}

/** Best effort: the place has a sentinel of its own. */
export function rememberHere(place: string, sentinel: Sentinel): void {
  try {
    storage()?.setItem(nameOf(place), JSON.stringify(sentinel))
  } catch {
    // Full, or refused.
  }
}

export function forgetHere(place: string): void {
  storage()?.removeItem(nameOf(place))
}

function nameOf(place: string): string {
  return `learning-store ${place}`
}

/** Undefined in workers, and where cookies are blocked. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
