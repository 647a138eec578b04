import { StoreError } from '../../errors.ts'
import type { OpenOptions, StoredState } from '../storage.ts'
import { decodeFrames, encodeFrame, type Frames } from './frame.ts'
import { type RecordedCommit, RecordReader } from './record.ts'

/** The identity and hash of a snapshot. It is written last: without it the snapshot does not count. */
export interface Manifest {
  readonly storeId: string
  readonly generation: number
  readonly epoch: number
  readonly sequence: number
  /** SHA-256 of the snapshot, hexadecimal. */
  readonly sha256: string
  /** The first 100 bytes of the snapshot, Base64. */
  readonly header: string
  /** The generation of the first segment with records after the snapshot, if appends overtook it. */
  readonly log?: number
}

/** The records that one lease appended after one snapshot. `after` is the sequence before the first of them. */
export interface Segment {
  readonly generation: number
  readonly epoch: number
  /** Infinity if the header of the segment is damaged. */
  readonly after: number
  readonly content: Frames
}

/** The chosen snapshot and the commits after it. */
export interface Recovery {
  readonly manifest: Manifest
  readonly snapshot: Uint8Array
  readonly commits: readonly RecordedCommit[]
  /** Newer manifests, whose snapshots are damaged or missing. */
  readonly damaged: readonly Manifest[]
  readonly edited: boolean
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  return encodeFrame({
    sequence: manifest.sequence,
    first: 0,
    payload: new TextEncoder().encode(JSON.stringify(manifest)),
  })
}

/** Decodes a manifest; undefined if the bytes are not whole. */
export function decodeManifest(bytes: Uint8Array): Manifest | undefined {
  const frame = decodeFrames(bytes).frames[0]
  return frame && (JSON.parse(new TextDecoder().decode(frame.payload)) as Manifest)
}

export async function manifestOf(
  snapshot: { bytes: Uint8Array; sequence: number; storeId: string },
  generation: number,
  epoch: number,
  log: number = generation,
): Promise<Manifest> {
  const { bytes, sequence, storeId } = snapshot
  const header = btoa(String.fromCharCode(...bytes.subarray(0, 100)))
  const manifest = { storeId, generation, epoch, sequence, sha256: await sha256(bytes), header }
  return log === generation ? manifest : { ...manifest, log }
}

/** The generation of the first segment with records after a snapshot. */
export function logOf({ generation, log = generation }: Pick<Manifest, 'generation' | 'log'>): number {
  return log
}

/** Orders manifests and segments: a later lease outranks an earlier one, whatever a stalled writer still writes. */
export function byAge(
  a: { readonly epoch: number; readonly generation: number },
  b: { readonly epoch: number; readonly generation: number },
): number {
  return a.epoch - b.epoch || a.generation - b.generation
}

/**
 * Finds the newest whole snapshot, and every commit after it.
 * @param manifests all that exist, oldest first
 * @param segments all that exist, oldest first
 * @param read reads the bytes in the position of a manifest's snapshot
 * @throws CORRUPT_SNAPSHOT, CORRUPT_LOG, MODIFIED_EXTERNALLY, NOT_A_STORE
 */
export async function recover(
  manifests: readonly Manifest[],
  segments: readonly Segment[],
  read: (manifest: Manifest) => Promise<Uint8Array | undefined>,
  classify: OpenOptions['classify'],
): Promise<Recovery> {
  const damaged: Manifest[] = []
  const written = new Set(manifests.map((manifest) => manifest.sha256))
  for (const manifest of manifests.toReversed()) {
    const snapshot = await read(manifest)
    const hash = snapshot && (await sha256(snapshot))
    if (snapshot && hash === manifest.sha256) {
      const commits = [...commitsAfter(manifest, segments)]
      // A snapshot was durable at this commit, so the log must reach it.
      const least = Math.max(manifest.sequence, ...damaged.map(({ sequence }) => sequence))
      const last = commits.at(-1)?.sequence ?? manifest.sequence
      if (last < least) throw missingRecord(last + 1, least)
      return { manifest, snapshot, commits, damaged, edited: false }
    }
    // The bytes of another of the store's snapshots are no edit: this snapshot is missing.
    const isJudged = hash !== undefined && !written.has(hash) && damaged.length === 0
    const verdict = snapshot && isJudged ? classify(snapshot, fromBase64(manifest.header)) : 'damaged'
    if (snapshot && verdict === 'edited') {
      refuseEditOverLog(manifest, segments)
      return { manifest, snapshot, commits: [], damaged, edited: true }
    }
    if (verdict === 'foreign') {
      throw new StoreError(
        'NOT_A_STORE',
        `A file of another program has replaced the snapshot of store ${manifest.storeId}. Restore the snapshot, or move the file away.`,
      )
    }
    damaged.push(manifest)
  }
  const newest = manifests.at(-1)
  throw new StoreError(
    'CORRUPT_SNAPSHOT',
    `All ${damaged.length} snapshots of store ${newest?.storeId} are damaged or missing. Restore a backup; for a file, run \`learning-store doctor\`.`,
  )
}

/**
 * The commits after a snapshot, without a gap. A later segment ends an earlier one: the records beyond were written by
 * a stalled writer whose lease was taken over, and were never acknowledged.
 * @throws CORRUPT_LOG after the commits before the damage
 */
export function* commitsAfter(
  manifest: Pick<Manifest, 'generation' | 'epoch' | 'sequence' | 'log'>,
  all: readonly Segment[],
): Generator<RecordedCommit> {
  // A segment of an earlier lease and generation was complete before the snapshot, or a stalled writer's.
  const segments = all.filter(({ generation, epoch }) => generation >= logOf(manifest) || epoch > manifest.epoch)
  // One for all of them: where appends overtook a snapshot, a segment uses statements of the one before.
  const reader = new RecordReader()
  let next = manifest.sequence + 1
  for (const [i, segment] of segments.entries()) {
    const end = Math.min(...segments.slice(i + 1).map((later) => later.after))
    if (segment.after === Number.POSITIVE_INFINITY) throw damagedRecord(next)
    if (segment.after >= end) continue
    if (segment.after >= next) throw missingRecord(next, segment.after + 1)
    let reached = segment.after
    const payloads = new Map<number, Uint8Array>()
    for (const frame of segment.content.frames) {
      if (frame.sequence > end) break
      // A storage that stored records and then failed got them again.
      const earlier = payloads.get(frame.sequence)
      if (earlier && isSame(earlier, frame.payload)) continue
      payloads.set(frame.sequence, frame.payload)
      if (frame.sequence !== reached + 1) throw missingRecord(reached + 1, frame.sequence)
      reached = frame.sequence
      const commit = reader.decode(frame)
      if (frame.sequence < next) continue
      if (frame.sequence > next) throw missingRecord(next, frame.sequence)
      // The text of a statement was in a record that is gone.
      if (commit.statements.some(({ sql }) => sql === '')) throw damagedRecord(next)
      yield commit
      next++
    }
    const needed = reached < end && reached + 1 >= next
    if (needed && segment.content.state === 'damaged') throw damagedRecord(reached + 1)
    if (needed && Number.isFinite(end)) throw missingRecord(reached + 1, end + 1)
  }
}

/** The result of `StorageAdapter.open` after a recovery. @param where where damaged snapshots were set aside */
export function storedStateOf(recovery: Recovery, where = ''): StoredState {
  const { manifest, snapshot, commits, damaged, edited } = recovery
  const notes = notesOf(recovery, ` and was set aside${where}`)
  const wantsSnapshot = edited || damaged.length > 0
  return { snapshot, sequence: manifest.sequence, commits, wantsSnapshot, isWhole: true, notes }
}

/** What a person should know of a recovery. @param fate what was done with damaged snapshots */
export function notesOf({ manifest, damaged, edited }: Recovery, fate: string): string[] {
  const notes = damaged.map(
    ({ generation, sequence }) =>
      `Snapshot ${generation} (commit ${sequence}) is damaged or missing${fate}; the store was restored from snapshot ${manifest.generation} and the log.`,
  )
  if (edited) notes.push('Another program edited the store while it was closed; its changes were kept.')
  return notes
}

/** The content of an empty storage. */
export const EMPTY: StoredState = {
  snapshot: undefined,
  sequence: undefined,
  commits: [],
  wantsSnapshot: true,
  notes: [],
}

/** Identifies a store and how far it had come. Held apart from the store, it reveals that a storage was emptied. */
export interface StoreMarker {
  readonly storeId: string
  readonly sequence: number
}

export function storeMissing({ storeId, sequence }: StoreMarker, remedy: string): StoreError {
  return new StoreError(
    'STORE_MISSING',
    `The storage is empty, but it held store ${storeId} with at least ${sequence} commits. Restore a backup. ${remedy}`,
  )
}

function refuseEditOverLog(manifest: Manifest, segments: readonly Segment[]): void {
  const newer = segments.flatMap(({ content }) => content.frames).filter((frame) => frame.sequence > manifest.sequence)
  if (newer.length === 0) return
  throw new StoreError(
    'MODIFIED_EXTERNALLY',
    `Another program edited the snapshot, but ${newer.length} commits of the log follow the original. Restore the original; for a file, run \`learning-store doctor\`.`,
  )
}

/** Records are missing. */
export function missingRecord(expected: number, got: number): StoreError {
  return corruptLog(`Record ${expected} of the log is missing: record ${got} follows.`)
}

function damagedRecord(sequence: number): StoreError {
  return corruptLog(`Record ${sequence} of the log is damaged, and whole records follow it.`)
}

function corruptLog(finding: string): StoreError {
  return new StoreError('CORRUPT_LOG', `${finding} Restore a backup; for a file, run \`learning-store doctor\`.`)
}

/**
 * Hexadecimal SHA-256. Asynchronous, because WebCrypto hashes megabytes at native speed; `algorithms/sha256.ts` is for
 * short texts within a transaction, which cannot wait.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
