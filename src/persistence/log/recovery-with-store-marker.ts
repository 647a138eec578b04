import { StoreError } from '../../errors.ts'
import {
  type Manifest,
  missingRecord,
  type Recovery,
  recover,
  type Segment,
  type StoreMarker,
  storeMissing,
} from './recovery.ts'

/** The content of a storage that no other program edits. */
export interface Found {
  /** Oldest first, like the segments. */
  readonly manifests: readonly Manifest[]
  readonly segments: readonly Segment[]
  /** Reads the bytes in the position of a snapshot. */
  readonly read: (manifest: Manifest) => Promise<Uint8Array | undefined>
}

/**
 * Recovers the store from a storage's content; undefined in a new storage. Changes nothing.
 * @param storeMarkers what is known of the store from elsewhere
 * @param remedy what a person can do if nothing is left
 * @throws STORE_MISSING, CORRUPT_SNAPSHOT, CORRUPT_LOG
 */
export async function recoverWithStoreMarker(
  { manifests, segments, read }: Found,
  storeMarkers: readonly StoreMarker[],
  remedy: string,
): Promise<Recovery | undefined> {
  if (manifests.length === 0) {
    const [known] = storeMarkers.toSorted((a, b) => b.sequence - a.sequence)
    if (segments.length > 0) throw new StoreError('CORRUPT_SNAPSHOT', `The log has no snapshot. ${remedy}`)
    if (known) throw storeMissing(known, remedy)
    return undefined
  }
  // No other program edits this storage, so any difference is damage.
  const recovery = await recover(manifests, segments, read, () => 'damaged')
  for (const { storeId, sequence } of storeMarkers) {
    const last = lastOf(recovery)
    if (storeId === recovery.manifest.storeId && sequence > last) throw missingRecord(last + 1, sequence)
  }
  return recovery
}

/** The sequence of the last commit. */
export function lastOf({ manifest, commits }: Recovery): number {
  return commits.at(-1)?.sequence ?? manifest.sequence
}
