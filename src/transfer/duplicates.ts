import { v5 } from 'uuid'
import type { UnidentifiedCount } from '../learning/maintenance/apply-import.ts'
import type { ImportBatch, ImportedExperience } from '../learning/maintenance/import-batch.ts'
import type { Progress } from '../learning/progress.ts'
import type { ImportOptions } from './job.ts'

/** The namespace of files: a constant random UUID. */
const FILES = '5c0b5a5e-6d0f-4f0e-9d2b-0c8f2f1b7a64'
/** How many bytes are hashed in a slice. */
const SLICE = 4 * 1024 * 1024

/**
 * The batch with new ids for its experiences without an id and a time: derived from the content of the experience, and from the bytes of
 * the file and its name without folders. They differ between files, and are the same each time the file is read. Bytes alone would take
 * the logs of two days for one if the same happened on both.
 */
export function* withFileIds(
  batch: ImportBatch,
  source: Uint8Array,
  path: string = '',
): Generator<Progress, ImportBatch> {
  const { unidentified, experiences } = batch
  if (!unidentified || unidentified.size === 0) return batch
  const file = v5(path.slice(path.search(/[^/\\]*$/)), yield* hashed(source))
  const contentIds = new Map<ImportedExperience, string>()
  const withIds = experiences.map((experience) => {
    const contentId = unidentified.get(experience)
    if (contentId === undefined) return experience
    const withId = { ...experience, id: v5(contentId, file) }
    contentIds.set(withId, contentId)
    return withId
  })
  return { ...batch, experiences: withIds, unidentified: contentIds }
}

/** A UUID of bytes, as a chain of UUIDs of their slices. */
function* hashed(bytes: Uint8Array): Generator<Progress, string> {
  let hash = FILES
  for (let at = 0; at < bytes.length; at += SLICE) {
    hash = v5(bytes.subarray(at, at + SLICE), hash)
    yield { what: 'bytes', done: Math.min(at + SLICE, bytes.length), total: bytes.length }
  }
  return hash
}

/** Says how many experiences without an id and a time equal those of the store, and what can be done about it. */
export function duplicateNotes(
  { known, equal }: UnidentifiedCount,
  duplicates: NonNullable<ImportOptions['duplicates']>,
): string[] {
  const notes: string[] = []
  if (known > 0 && duplicates === 'skip') {
    const advice =
      "If they are other ones, import their files with duplicates: 'keep' (--duplicates keep) from the start."
    notes.push(`${experiences(known)} with neither an id nor a time equal known ones and were not added. ${advice}`)
  }
  if (known > 0 && duplicates === 'keep') {
    notes.push(`${experiences(known)} were imported before from a file with the same name and bytes.`)
  }
  if (equal > 0) {
    const which = `${experiences(equal, 'added ')} equal known ones that were imported without duplicates: 'keep'.`
    notes.push(`${which} If those came from this file, they count twice.`)
  }
  return notes
}

function experiences(count: number, which: string = ''): string {
  return `${count} ${which}${count === 1 ? 'experience' : 'experiences'}`
}
