import type { UseStore } from 'idb-keyval'
import { StoreError } from '../errors.ts'
import { loadHeads, loadSegments, loadSnapshot } from './indexeddb-load.ts'
import { gap, placeLost, type Recovery, recover, type Sentinel } from './recovery.ts'

/**
 * What the database holds; undefined where nothing was ever kept. Nothing is changed.
 * @param keys all that are there. @param sentinels what is remembered of the store. @param remedy what a person can do
 * when nothing is left. @throws PLACE_LOST, DAMAGED_SNAPSHOT, DAMAGED_LOG
 */
export async function recoverFrom(
  use: UseStore,
  keys: readonly IDBValidKey[],
  sentinels: readonly Sentinel[],
  remedy: string,
): Promise<Recovery | undefined> {
  const heads = await loadHeads(use, keys)
  const segments = await loadSegments(use, keys)
  if (heads.length === 0) {
    const [known] = sentinels.toSorted((a, b) => b.sequence - a.sequence)
    if (segments.length > 0) throw new StoreError('DAMAGED_SNAPSHOT', `Expected a snapshot under the log. ${remedy}`)
    if (known) throw placeLost(known, remedy)
    return undefined
  }
  // No other program edits a database of the browser: what differs is damaged.
  const recovery = await recover(
    heads,
    segments,
    (head) => loadSnapshot(use, keys, head),
    () => 'damaged',
  )
  for (const { storeId, sequence } of sentinels) {
    const last = lastOf(recovery)
    if (storeId === recovery.head.storeId && sequence > last) throw gap(last + 1, sequence)
  }
  return recovery
}

/** The sequence of the last commit. */
export function lastOf({ head, commits }: Recovery): number {
  return commits.at(-1)?.sequence ?? head.sequence
}
