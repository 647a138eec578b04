import { StoreError } from '../../errors.ts'
import type { OpenOptions, StoredState } from '../storage.ts'
import { decodeFrames, encodeFrame, type Frames } from './frame.ts'
import { type RecordedCommit, RecordReader } from './record.ts'

/** What stands durably before a snapshot counts: which one it is, and the hash that it must have. */
export interface Manifest {
  readonly storeId: string
  readonly generation: number
  readonly epoch: number
  readonly sequence: number
  /** Hexadecimal SHA-256 of the snapshot. */
  readonly sha256: string
  /** Base64 of its first 100 bytes. */
  readonly header: string
}

/** The records that one lease appended after one snapshot. `after` is the sequence that they follow. */
export interface Segment {
  readonly generation: number
  readonly epoch: number
  /** Infinity where the bytes that said it are damaged. */
  readonly after: number
  readonly content: Frames
}

/** The snapshot that counts and the commits after it. */
export interface Recovery {
  readonly head: Manifest
  readonly snapshot: Uint8Array
  readonly commits: readonly RecordedCommit[]
  /** Heads newer than the one that counts, whose snapshots are damaged or missing. */
  readonly damaged: readonly Manifest[]
  readonly edited: boolean
}

export function encodeManifest(head: Manifest): Uint8Array {
  return encodeFrame({ sequence: head.sequence, first: 0, payload: new TextEncoder().encode(JSON.stringify(head)) })
}

/** The head in these bytes, or undefined when they are not whole. */
export function decodeManifest(bytes: Uint8Array): Manifest | undefined {
  const frame = decodeFrames(bytes).frames[0]
  return frame && (JSON.parse(new TextDecoder().decode(frame.payload)) as Manifest)
}

export async function manifestOf(
  snapshot: { bytes: Uint8Array; sequence: number; storeId: string },
  generation: number,
  epoch: number,
): Promise<Manifest> {
  const { bytes, sequence, storeId } = snapshot
  const header = btoa(String.fromCharCode(...bytes.subarray(0, 100)))
  return { storeId, generation, epoch, sequence, sha256: await sha256(bytes), header }
}

/** Order of heads and segments: a later lease counts more than an earlier one, whatever a sleeper of it still writes. */
export function byAge(
  a: { readonly epoch: number; readonly generation: number },
  b: { readonly epoch: number; readonly generation: number },
): number {
  return a.epoch - b.epoch || a.generation - b.generation
}

/**
 * Finds the newest snapshot that is whole, and every commit after it.
 * @param heads all that are there, oldest first. @param segments all that are there, oldest first.
 * @param read the bytes where the snapshot of a head should be.
 * @throws CORRUPT_SNAPSHOT, CORRUPT_LOG, MODIFIED_EXTERNALLY, NOT_A_STORE
 */
export async function recover(
  heads: readonly Manifest[],
  segments: readonly Segment[],
  read: (head: Manifest) => Promise<Uint8Array | undefined>,
  judge: OpenOptions['judge'],
): Promise<Recovery> {
  const damaged: Manifest[] = []
  const written = new Set(heads.map((head) => head.sha256))
  for (const head of heads.toReversed()) {
    const snapshot = await read(head)
    const hash = snapshot && (await sha256(snapshot))
    if (snapshot && hash === head.sha256) {
      const commits = [...commitsAfter(head, segments)]
      // A snapshot stood at this commit, so it was kept.
      const least = Math.max(head.sequence, ...damaged.map(({ sequence }) => sequence))
      const last = commits.at(-1)?.sequence ?? head.sequence
      if (last < least) throw gap(last + 1, least)
      return { head, snapshot, commits, damaged, edited: false }
    }
    // The bytes of another snapshot of ours are no edit: this one is missing.
    const isJudged = hash !== undefined && !written.has(hash) && damaged.length === 0
    const verdict = snapshot && isJudged ? judge(snapshot, fromBase64(head.header)) : 'damaged'
    if (snapshot && verdict === 'edited') {
      refuseEditOverLog(head, segments)
      return { head, snapshot, commits: [], damaged, edited: true }
    }
    if (verdict === 'foreign') {
      throw new StoreError(
        'NOT_A_STORE',
        `Expected the snapshot of store ${head.storeId}, got a file of another program`,
      )
    }
    damaged.push(head)
  }
  const newest = heads.at(-1)
  throw new StoreError(
    'CORRUPT_SNAPSHOT',
    `Expected a whole snapshot of store ${newest?.storeId}, but ${damaged.length} of ${damaged.length} are damaged or missing`,
  )
}

/**
 * The commits after a snapshot, without a gap. Where a later segment begins, the earlier one ends: what it holds beyond
 * was written by a sleeper whose lease was taken over, and never acknowledged.
 * @throws CORRUPT_LOG, after the commits before the damage
 */
export function* commitsAfter(
  head: Pick<Manifest, 'generation' | 'epoch' | 'sequence'>,
  all: readonly Segment[],
): Generator<RecordedCommit> {
  // An earlier lease's segment of an earlier generation was complete before the snapshot, or is a sleeper's.
  const segments = all.filter(({ generation, epoch }) => generation >= head.generation || epoch > head.epoch)
  let next = head.sequence + 1
  for (const [i, segment] of segments.entries()) {
    const end = Math.min(...segments.slice(i + 1).map((later) => later.after))
    if (segment.after === Number.POSITIVE_INFINITY) throw damagedAt(next)
    if (segment.after >= end) continue
    if (segment.after >= next) throw gap(next, segment.after + 1)
    const reader = new RecordReader()
    let reached = segment.after
    for (const frame of segment.content.frames) {
      if (frame.sequence > end) break
      if (frame.sequence !== reached + 1) throw gap(reached + 1, frame.sequence)
      reached = frame.sequence
      const commit = reader.decode(frame)
      if (frame.sequence < next) continue
      if (frame.sequence > next) throw gap(next, frame.sequence)
      yield commit
      next++
    }
    const needed = reached < end && reached + 1 >= next
    if (needed && segment.content.state === 'damaged') throw damagedAt(reached + 1)
    if (needed && Number.isFinite(end)) throw gap(reached + 1, end + 1)
  }
}

/** What a persister is told of a recovery. @param where says what became of the snapshots that were set aside. */
export function keptOf({ head, snapshot, commits, damaged, edited }: Recovery, where = ''): StoredState {
  const notes = damaged.map(
    ({ generation, sequence }) =>
      `Snapshot ${generation} (commit ${sequence}) is damaged or missing and was set aside${where}; snapshot ${head.generation} and the log gave the same store.`,
  )
  if (edited) notes.push(`Another program edited the store while it was closed; its changes were taken over.`)
  const wantsSnapshot = edited || damaged.length > 0
  return { snapshot, sequence: head.sequence, commits, wantsSnapshot, isWhole: true, notes }
}

/** What an empty storage holds. */
export const EMPTY: StoredState = {
  snapshot: undefined,
  sequence: undefined,
  commits: [],
  wantsSnapshot: true,
  notes: [],
}

/** What is expectedStore of a store apart from the store itself. */
export interface StoreMarker {
  readonly storeId: string
  readonly sequence: number
}

export function storeMissing({ storeId, sequence }: StoreMarker, remedy: string): StoreError {
  return new StoreError(
    'STORE_MISSING',
    `Expected store ${storeId} with at least ${sequence} commits, got an empty storage: someone or something removed it. ${remedy}`,
  )
}

function refuseEditOverLog(head: Manifest, segments: readonly Segment[]): void {
  const newer = segments.flatMap(({ content }) => content.frames).filter((frame) => frame.sequence > head.sequence)
  if (newer.length === 0) return
  throw new StoreError(
    'MODIFIED_EXTERNALLY',
    `Expected the snapshot as it was written, because ${newer.length} commits of the log follow it; got a file that another program has edited`,
  )
}

/** Records are missing. */
export function gap(expected: number, got: number): StoreError {
  return new StoreError('CORRUPT_LOG', `Expected record ${expected} of the log next, got record ${got}`)
}

function damagedAt(sequence: number): StoreError {
  return new StoreError('CORRUPT_LOG', `Expected record ${sequence} of the log, got damaged bytes before whole records`)
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
