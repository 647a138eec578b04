import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { followed, ifThere } from './durable-files.ts'
import { readSegment } from './file-segment.ts'
import type { RecordedCommit } from './record.ts'
import { byAge, commitsAfter, decodeHead, type Head, type Segment, sha256 } from './recovery.ts'

/** Bytes that may be a snapshot, whole or not. */
export interface Candidate {
  readonly file: string
  readonly bytes: Uint8Array
  /** Undefined where no head that is left knows these bytes. */
  readonly head: Head | undefined
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
  const heads = (await Promise.all(ending('.head').map((name) => readFile(name)))).flatMap(
    (bytes) => decodeHead(bytes) ?? [],
  )
  const segments = (await Promise.all(ending('.log').map(readSegment))).flatMap((one) => one ?? []).sort(byAge)
  const candidates: Candidate[] = []
  for (const name of [file, ...ending('.snapshot', '.damaged')]) {
    const bytes = await ifThere(readFile(name))
    if (!bytes) continue
    const hash = await sha256(bytes)
    candidates.push({ file: name, bytes, head: heads.find((head) => head.sha256 === hash) })
  }
  const frames = segments.flatMap(({ content }) => content.frames)
  const lastSequence = [...heads, ...frames].reduce((last, { sequence }) => Math.max(last, sequence), 0)
  return { candidates, segments, hasHeads: heads.length > 0, lastSequence }
}

/** The commits that follow a snapshot, up to where the log is damaged or something is missing. */
export function commitsUpToDamage(
  after: Pick<Head, 'generation' | 'epoch' | 'sequence'>,
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
