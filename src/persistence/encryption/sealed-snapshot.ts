import { crc32 } from '@foxglove/crc'
import { StoreError } from '../../errors.ts'
import { concat } from '../log/frame.ts'
import type { Snapshot } from '../storage.ts'
import { isEncrypted, MAGIC } from './format.ts'
import { type KeyRing, nonceOf, type WrappedKey } from './key-ring.ts'
import type { LogEnd } from './sealed-record.ts'

/** What a snapshot says of itself in clear. It is authenticated. */
interface SnapshotHeader extends WrappedKey {
  readonly storeId: string
  readonly generation: number
  readonly sequence: number
  /** The tag of the last record in it. */
  readonly tag: string
  /** The nonce of the first chunk; those of the others follow. */
  readonly nonce: number
  readonly bytes: number
  readonly chunkBytes: number
}

/** A decrypted snapshot. */
export interface OpenedSnapshot {
  readonly bytes: Uint8Array
  readonly storeId: string
  /** Where the log after it begins. */
  readonly end: LogEnd
}

const CHUNK_BYTES = 1024 * 1024
const TAG_BYTES = 16
/** Magic, length and CRC of the header. */
const START_BYTES = MAGIC.length + 8

/** Encrypts a snapshot: magic, header, and chunks that are bound to the header and their index. */
export async function sealSnapshot(
  keys: KeyRing,
  { bytes, storeId, sequence }: Snapshot,
  { tag, generation }: LogEnd,
): Promise<Uint8Array> {
  const { wrapped, key } = await keys.writingKey()
  const count = chunkCount(bytes.length, CHUNK_BYTES)
  const nonces = Array.from({ length: count }, () => keys.nextNonce())
  const nonce = nonces[0] ?? 0
  const size = { bytes: bytes.length, chunkBytes: CHUNK_BYTES }
  // What differs from snapshot to snapshot stands first: storages remember the first bytes.
  const header = { nonce, generation, sequence, tag, ...wrapped, storeId, ...size } satisfies SnapshotHeader
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = new Uint8Array(START_BYTES)
  start.set(MAGIC)
  const view = new DataView(start.buffer)
  view.setUint32(MAGIC.length, text.length, true)
  view.setUint32(MAGIC.length + 4, crc32(text), true)
  const parts: Uint8Array[] = [start, text]
  for (const [i, number] of nonces.entries()) {
    const chunk = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES) as Uint8Array<ArrayBuffer>
    const algorithm = { name: 'AES-GCM', iv: nonceOf(number), additionalData: boundTo(text, i) }
    parts.push(new Uint8Array(await crypto.subtle.encrypt(algorithm, key, chunk)))
  }
  return concat(parts)
}

/** Decrypts a snapshot. @throws WRONG_KEY, CORRUPT_SNAPSHOT */
export async function openSnapshot(keys: KeyRing, sealed: Uint8Array, name: string): Promise<OpenedSnapshot> {
  if (!isEncrypted(sealed)) {
    const remedy = 'Open it without a key, or import it into a new encrypted store.'
    throw new StoreError('WRONG_KEY', `${name} is not encrypted. ${remedy}`)
  }
  const text = headerBytes(sealed)
  if (!text) throw damaged(name)
  const { key: wrapped, derivation, ...header } = JSON.parse(new TextDecoder().decode(text)) as SnapshotHeader
  const { chunkBytes, storeId, sequence, tag, generation, nonce } = header
  const key = await keys.unwrap({ key: wrapped, derivation })
  const count = chunkCount(header.bytes, chunkBytes)
  const from = START_BYTES + text.length
  if (sealed.length !== from + header.bytes + count * TAG_BYTES) throw damaged(name)
  const bytes = new Uint8Array(header.bytes)
  for (let i = 0; i < count; i++) {
    const at = from + i * (chunkBytes + TAG_BYTES)
    const chunk = sealed.slice(at, at + chunkBytes + TAG_BYTES)
    const algorithm = { name: 'AES-GCM', iv: nonceOf(nonce + i), additionalData: boundTo(text, i) }
    const plain = await crypto.subtle.decrypt(algorithm, key, chunk).catch((cause) => {
      throw damaged(name, cause)
    })
    bytes.set(new Uint8Array(plain), i * chunkBytes)
  }
  return { bytes, storeId, end: { sequence, tag, generation } }
}

/** The header, if it is whole. */
function headerBytes(sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < START_BYTES) return undefined
  const view = new DataView(sealed.buffer, sealed.byteOffset)
  const text = sealed.subarray(START_BYTES, START_BYTES + view.getUint32(MAGIC.length, true))
  return crc32(text) === view.getUint32(MAGIC.length + 4, true) ? text : undefined
}

/** At least one, so that an empty snapshot is authenticated, too. */
function chunkCount(bytes: number, chunkBytes: number): number {
  return Math.max(1, Math.ceil(bytes / chunkBytes))
}

function boundTo(header: Uint8Array, index: number): Uint8Array<ArrayBuffer> {
  return concat([new TextEncoder().encode(`snapshot ${index} `), header]) as Uint8Array<ArrayBuffer>
}

function damaged(name: string, cause?: unknown): StoreError {
  const finding = `The snapshot of ${name} is damaged, or was changed since it was encrypted.`
  return new StoreError('CORRUPT_SNAPSHOT', `${finding} Restore a backup.`, { cause })
}
