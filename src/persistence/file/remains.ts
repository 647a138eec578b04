import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { greatestSequence } from '../log/frame.ts'
import type { RecordedCommit } from '../log/record.ts'
import { byAge, commitsAfter, decodeManifest, type Manifest, type Segment, sha256 } from '../log/recovery.ts'
import { ifExists, resolveLink } from './durable-files.ts'
import { readSegment } from './segment.ts'

/** Bytes that may be a snapshot, whole or damaged. */
export interface Candidate {
  readonly file: string
  readonly bytes: Uint8Array
  /** The manifest of these bytes; undefined if none is left, or another program edited the bytes. */
  readonly manifest: Manifest | undefined
  /** Whether the bytes have the hash of the manifest. */
  readonly isExact: boolean
}

/** Everything that is left of a store in a file, in any state. */
export interface Remains {
  readonly candidates: readonly Candidate[]
  readonly segments: readonly Segment[]
  /** Whether any manifest is readable. */
  readonly hasManifests: boolean
  /** The greatest sequence found anywhere; the sequences up to it were used. */
  readonly lastSequence: number
}

/** Reads what is left at and beside a path, without taking the lease or changing anything. */
export async function remainsOf(path: string): Promise<Remains> {
  const file = await resolveLink(path)
  const directory = `${file}.log`
  const names = ((await ifExists(readdir(directory))) ?? []).map((name) => join(directory, name))
  const ending = (...ends: string[]): string[] => names.filter((name) => ends.some((end) => name.endsWith(end)))
  const read = (...ends: string[]): Promise<Uint8Array[]> => Promise.all(ending(...ends).map((name) => readFile(name)))
  const manifests = (await read('.head')).flatMap((bytes) => decodeManifest(bytes) ?? []).sort(byAge)
  const segments = (await Promise.all(ending('.log').map(readSegment))).flatMap((one) => one ?? []).sort(byAge)
  const candidates: Candidate[] = []
  for (const name of [file, ...ending('.snapshot', '.damaged')]) {
    const bytes = await ifExists(readFile(name))
    if (!bytes) continue
    const hash = await sha256(bytes)
    const exact = manifests.find((manifest) => manifest.sha256 === hash)
    // An edit changes the header of a database; damage elsewhere does not.
    const header = btoa(String.fromCharCode(...bytes.subarray(0, 100)))
    const manifest = exact ?? manifests.findLast((one) => one.header === header)
    candidates.push({ file: name, bytes, manifest, isExact: exact !== undefined })
  }
  const lastSequence = Math.max(0, ...(await read('.head', '.log')).map(greatestSequence))
  return { candidates, segments, hasManifests: manifests.length > 0, lastSequence }
}

/** The commits after a snapshot, up to the first damaged or missing record. */
export function commitsUpToDamage(
  after: Pick<Manifest, 'generation' | 'epoch' | 'sequence'>,
  segments: readonly Segment[],
): RecordedCommit[] {
  const commits: RecordedCommit[] = []
  try {
    for (const commit of commitsAfter(after, segments)) commits.push(commit)
  } catch {
    // Later commits may depend on the damaged one.
  }
  return commits
}
