import { crc32 } from '@foxglove/crc'

/**
 * A frame: magic, payload length, CRC, two sequences, payload. 0xff never occurs in the UTF-8 payload, so the magic
 * finds the next frame after a damaged one.
 */
const MAGIC = [0xff, 0x4c, 0x53, 0x31] as const
const HEADER_BYTES = 28
const CRC_OFFSET = 8
const CHECKED_FROM = 12

/** Checked bytes with their sequence, and the first sequence that was not on the disk when they were written. */
export interface Frame {
  readonly sequence: number
  readonly first: number
  readonly payload: Uint8Array
}

/** The frames up to the first invalid one, and what follows it. */
export interface Frames {
  readonly frames: readonly Frame[]
  /**
   * `torn`: the last write did not reach the disk completely. `damaged`: the frame after the last in `frames` is
   * invalid, although a later frame says that it was on the disk.
   */
  readonly state: 'whole' | 'torn' | 'damaged'
}

export function encodeFrame({ sequence, first, payload }: Frame): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint32(4, payload.length, true)
  view.setFloat64(12, sequence, true)
  view.setFloat64(20, first, true)
  bytes.set(payload, HEADER_BYTES)
  view.setUint32(CRC_OFFSET, crc32(bytes.subarray(CHECKED_FROM)), true)
  return bytes
}

/** Reads the frames of a log segment. */
export function decodeFrames(bytes: Uint8Array): Frames {
  const frames: Frame[] = []
  let at = 0
  while (at < bytes.length) {
    const frame = frameAt(bytes, at)
    if (!frame) return { frames, state: stateAfter(bytes, at, frames.at(-1)?.sequence) }
    frames.push(frame)
    at += HEADER_BYTES + frame.payload.length
  }
  return { frames, state: 'whole' }
}

/** The sequence of an encoded frame, without reading more of it. */
export function sequenceOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset).getFloat64(12, true)
}

/** The sequence of the last frame, without reading more of it. */
export function lastSequence(frames: readonly Uint8Array[]): number | undefined {
  const last = frames.at(-1)
  return last && sequenceOf(last)
}

/** The greatest sequence of any whole frame, also after damage; 0 if there is none. */
export function greatestSequence(bytes: Uint8Array): number {
  let greatest = 0
  for (let at = bytes.indexOf(MAGIC[0]); at !== -1; at = bytes.indexOf(MAGIC[0], at + 1)) {
    const frame = frameAt(bytes, at)
    if (!frame) continue
    greatest = Math.max(greatest, frame.sequence)
    at += HEADER_BYTES + frame.payload.length - 1
  }
  return greatest
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/**
 * The bytes in chunks, at least one, each with its index. The chunks are copies unless there is only one: a view would
 * retain all of the memory beneath it.
 */
export function* chunksOf(bytes: Uint8Array, maxBytes: number): Generator<[number, Uint8Array]> {
  const isOne = bytes.length <= maxBytes
  if (isOne) yield [0, bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()]
  else for (let i = 0; i * maxBytes < bytes.length; i++) yield [i, bytes.slice(i * maxBytes, (i + 1) * maxBytes)]
}

/** Only a write that was not on the disk yet may be invalid: a later frame that began after it proves damage. */
function stateAfter(bytes: Uint8Array, from: number, lastSequence: number | undefined): 'torn' | 'damaged' {
  let first = lastSequence === undefined ? undefined : lastSequence + 1
  for (let at = bytes.indexOf(MAGIC[0], from + 1); at !== -1; at = bytes.indexOf(MAGIC[0], at + 1)) {
    const later = frameAt(bytes, at)
    if (!later) continue
    first ??= later.first
    if (later.first > first) return 'damaged'
  }
  return 'torn'
}

function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  if (at + HEADER_BYTES > bytes.length || MAGIC.some((byte, i) => bytes[at + i] !== byte)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  const end = at + HEADER_BYTES + view.getUint32(4, true)
  if (end > bytes.length) return undefined
  if (crc32(bytes.subarray(at + CHECKED_FROM, end)) !== view.getUint32(CRC_OFFSET, true)) return undefined
  const payload = bytes.subarray(at + HEADER_BYTES, end)
  return { sequence: view.getFloat64(12, true), first: view.getFloat64(20, true), payload }
}
