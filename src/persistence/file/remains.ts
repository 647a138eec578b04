import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { greatestSequence } from '../log/frame.ts'
import type { RecordedCommit } from '../log/record.ts'
import { byAge, commitsAfter, decodeManifest, type Manifest, type Segment, sha256 } from '../log/recovery.ts'
import { followed, ifThere } from './durable-files.ts'
import { readSegment } from './segment.ts'

/** Bytes that may be a snapshot, whole or not. */
export interface Candidate {
  readonly file: string
  readonly bytes: Uint8Array
  /** The head of these bytes; undefined where none is left, or another program edited them. */
  readonly head: Manifest | undefined
  /** Whether the bytes are for certain those that were written. */
  readonly isExact: boolean
}

/** All that is left of a store in a file, in whatever state. */
export interface Remains {
  readonly candidates: readonly Candidate[]
  readonly segments: readonly Segment[]
  /** Whether any head can be read. */
  readonly hasHeads: boolean
  /** The greatest sequence that anything names; the numbers up to it were used. */
  readonly lastSequence: number
}

/** Reads what is left beside and at a path, without claiming or changing anything. */
export async function remainsOf(path: string): Promise<Remains> {
  const file = await followed(path)
  const directory = `${file}.log`
  const names = ((await ifThere(readdir(directory))) ?? []).map((name) => join(directory, name))
  const ending = (...ends: string[]): string[] => names.filter((name) => ends.some((end) => name.endsWith(end)))
  const read = (...ends: string[]): Promise<Uint8Array[]> => Promise.all(ending(...ends).map((name) => readFile(name)))
  const heads = (await read('.head')).flatMap((bytes) => decodeManifest(bytes) ?? []).sort(byAge)
  const segments = (await Promise.all(ending('.log').map(readSegment))).flatMap((one) => one ?? []).sort(byAge)
  const candidates: Candidate[] = []
  for (const name of [file, ...ending('.snapshot', '.damaged')]) {
    const bytes = await ifThere(readFile(name))
    if (!bytes) continue
    const hash = await sha256(bytes)
    const exact = heads.find((head) => head.sha256 === hash)
    // Whoever edits a database changes its header; damage elsewhere does not.
    const header = btoa(String.fromCharCode(...bytes.subarray(0, 100)))
    const head = exact ?? heads.findLast((one) => one.header === header)
    candidates.push({ file: name, bytes, head, isExact: exact !== undefined })
  }
  const lastSequence = Math.max(0, ...(await read('.head', '.log')).map(greatestSequence))
  return { candidates, segments, hasHeads: heads.length > 0, lastSequence }
}

/** The commits that follow a snapshot, up to where the log is damaged or something is missing. */
export function commitsUpToDamage(
  after: Pick<Manifest, 'generation' | 'epoch' | 'sequence'>,
  segments: readonly Segment[],
): RecordedCommit[] {
  const commits: RecordedCommit[] = []
  try {
    for (const commit of commitsAfter(after, segments)) commits.push(commit)
  } catch {
    // What lies behind the damage may need what was in it.
  }
  return commits
}
