import { StoreError } from '../../errors.ts'
import { gap, type Head, placeLost, type Recovery, recover, type Segment, type Sentinel } from './recovery.ts'

/** What was found in a place that no other program edits. */
export interface Found {
  /** Oldest first, as the segments are. */
  readonly heads: readonly Head[]
  readonly segments: readonly Segment[]
  /** The bytes where the snapshot of a head should be. */
  readonly read: (head: Head) => Promise<Uint8Array | undefined>
}

/**
 * What the place holds; undefined where nothing was ever kept. Nothing is changed.
 * @param sentinels what is remembered of the store elsewhere. @param remedy what a person can do when nothing is left.
 * @throws PLACE_LOST, DAMAGED_SNAPSHOT, DAMAGED_LOG
 */
export async function recoverRemembered(
  { heads, segments, read }: Found,
  sentinels: readonly Sentinel[],
  remedy: string,
): Promise<Recovery | undefined> {
  if (heads.length === 0) {
    const [known] = sentinels.toSorted((a, b) => b.sequence - a.sequence)
    if (segments.length > 0) throw new StoreError('DAMAGED_SNAPSHOT', `Expected a snapshot under the log. ${remedy}`)
    if (known) throw placeLost(known, remedy)
    return undefined
  }
  // What differs from what was written is damaged.
  const recovery = await recover(heads, segments, read, () => 'damaged')
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
