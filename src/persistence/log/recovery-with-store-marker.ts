import { StoreError } from '../../errors.ts'
import { gap, type Manifest, type Recovery, recover, type Segment, type StoreMarker, storeMissing } from './recovery.ts'

/** What was found in a storage that no other program edits. */
export interface Found {
  /** Oldest first, as the segments are. */
  readonly heads: readonly Manifest[]
  readonly segments: readonly Segment[]
  /** The bytes where the snapshot of a head should be. */
  readonly read: (head: Manifest) => Promise<Uint8Array | undefined>
}

/**
 * What the storage holds; undefined where nothing was ever kept. Nothing is changed.
 * @param storeMarkers what is expectedStore of the store elsewhere. @param remedy what a person can do when nothing is left.
 * @throws STORE_MISSING, CORRUPT_SNAPSHOT, CORRUPT_LOG
 */
export async function recoverWithStoreMarker(
  { heads, segments, read }: Found,
  storeMarkers: readonly StoreMarker[],
  remedy: string,
): Promise<Recovery | undefined> {
  if (heads.length === 0) {
    const [known] = storeMarkers.toSorted((a, b) => b.sequence - a.sequence)
    if (segments.length > 0) throw new StoreError('CORRUPT_SNAPSHOT', `Expected a snapshot under the log. ${remedy}`)
    if (known) throw storeMissing(known, remedy)
    return undefined
  }
  // What differs from what was written is damaged.
  const recovery = await recover(heads, segments, read, () => 'damaged')
  for (const { storeId, sequence } of storeMarkers) {
    const last = lastOf(recovery)
    if (storeId === recovery.head.storeId && sequence > last) throw gap(last + 1, sequence)
  }
  return recovery
}

/** The sequence of the last commit. */
export function lastOf({ head, commits }: Recovery): number {
  return commits.at(-1)?.sequence ?? head.sequence
}
