import { StoreError } from '../../errors.ts'
import type { ReadPosition, ReadState } from '../storage.ts'
import { commitsAfter, logOf, notesOf, type Recovery } from './recovery.ts'
import { type Found, lastOf } from './recovery-with-store-marker.ts'

/** A storage as a reader sees it: nothing keeps its writer from going on meanwhile. */
export interface Readable {
  /** Lists the manifests and reads the segments from this generation on; the snapshots are read later. */
  list(fromGeneration: number): Promise<Found>
  /** The newest whole snapshot with the commits after it; undefined without any manifest. */
  recover(found: Found): Promise<Recovery | undefined>
}

/** A writer would have to write two snapshots during each of so many attempts. */
const MAX_ATTEMPTS = 100

/**
 * The commits after a position, if the log still leads on from there, otherwise the whole store. What cannot be read
 * because the writer has moved on is read again from the newest snapshot.
 * @returns undefined without any manifest
 * @throws CORRUPT_SNAPSHOT, CORRUPT_LOG, MODIFIED_EXTERNALLY, NOT_A_STORE
 */
export async function readNewest(storage: Readable, from: ReadPosition | undefined): Promise<ReadState | undefined> {
  const continued = from && continuedFrom(from, await storage.list(from.generation))
  if (continued) return continued
  let found = await storage.list(0)
  for (let attempt = 1; ; attempt++) {
    const outcome = await outcomeOf(storage.recover(found))
    // Bytes of another snapshot look edited, or damaged.
    const isSure = 'recovery' in outcome && outcome.recovery?.damaged.length === 0 && !outcome.recovery.edited
    const now = isSure ? found : await storage.list(0)
    // A snapshot and its log are removed only after a newer manifest was written, so without one the finding is true.
    if (namesOf(found) === namesOf(now) || attempt === MAX_ATTEMPTS) {
      if ('error' in outcome) throw outcome.error
      return outcome.recovery && stateOf(outcome.recovery)
    }
    found = now
  }
}

/**
 * The commits after a position. Only under the same epoch: a writer that opens the store later may upgrade it, accept an
 * edit, or drop records of a stalled writer, and then writes a manifest of its own.
 */
function continuedFrom(from: ReadPosition, { manifests, segments }: Found): ReadState | undefined {
  const newest = manifests.at(-1)
  if (newest?.storeId !== from.storeId || newest.epoch !== from.epoch) return undefined
  try {
    const commits = [...commitsAfter(from, segments)]
    const sequence = commits.at(-1)?.sequence ?? from.sequence
    // The log in between is gone.
    if (sequence < newest.sequence) return undefined
    const position = { ...from, generation: logOf(newest), sequence }
    return { continues: true, snapshot: undefined, sequence, commits, notes: [], position }
  } catch (error) {
    if (error instanceof StoreError && error.code === 'CORRUPT_LOG') return undefined
    throw error
  }
}

function stateOf(recovery: Recovery): ReadState {
  const { manifest, snapshot, commits, edited } = recovery
  const { storeId, epoch, sequence } = manifest
  const position = edited ? undefined : { storeId, generation: logOf(manifest), epoch, sequence: lastOf(recovery) }
  return { continues: false, snapshot, sequence, commits, isWhole: true, notes: notesOf(recovery, ''), position }
}

type Outcome = { readonly recovery: Recovery | undefined } | { readonly error: unknown }

function outcomeOf(recovering: Promise<Recovery | undefined>): Promise<Outcome> {
  return recovering.then(
    (recovery) => ({ recovery }),
    (error: unknown) => ({ error }),
  )
}

/** The snapshots that exist, as a text. */
function namesOf({ manifests }: Found): string {
  return manifests.map(({ generation, epoch }) => `${generation}-${epoch}`).join()
}
