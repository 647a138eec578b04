import { StoreError } from '../../errors.ts'
import { decodeFrames } from '../log/frame.ts'
import { type RecordedCommit, RecordReader, RecordWriter } from '../log/record.ts'
import { type KeyRing, nonceOf, toBase64, type WrappedKey } from './key-ring.ts'

/** The statement of a record that holds an encrypted one. */
const SQL = 'ENCRYPTED 1'

/** What a record says of itself in clear. It is authenticated. */
interface RecordHeader extends WrappedKey {
  readonly nonce: number
  readonly generation: number
  /** The tag of the record before it; empty if that is not known. */
  readonly after: string
}

/** Where a log stands: the next record follows this one. */
export interface LogEnd {
  readonly sequence: number
  /** The authentication tag of that record, Base64; empty if there is none. */
  readonly tag: string
  /** The number of the snapshot before it. */
  readonly generation: number
}

const TAG_BYTES = 16

/** Decodes the records that a persister writes. Their statements are numbered, so one reader reads all of them. */
export class PlainRecords {
  readonly #reader = new RecordReader()

  decode(record: Uint8Array): { readonly commit: RecordedCommit; readonly first: number } {
    const [frame] = decodeFrames(record).frames
    if (!frame) throw new StoreError('INVALID_ARGUMENT', 'Expected a whole record of the log')
    return { commit: this.#reader.decode(frame), first: frame.first }
  }
}

/** Encrypts a commit as a record that every storage can store. */
export async function sealRecord(
  keys: KeyRing,
  storeId: string,
  { commit, first }: ReturnType<PlainRecords['decode']>,
  before: LogEnd,
): Promise<{ readonly record: Uint8Array; readonly end: LogEnd }> {
  const { sequence } = commit
  const { wrapped, key } = await keys.writingKey()
  const nonce = keys.nextNonce()
  const after = before.sequence === sequence - 1 ? before.tag : ''
  const header = JSON.stringify({ ...wrapped, nonce, generation: before.generation, after } satisfies RecordHeader)
  const plain = new RecordWriter().encode(commit, 0) as Uint8Array<ArrayBuffer>
  const algorithm = { name: 'AES-GCM', iv: nonceOf(nonce), additionalData: boundTo(header, storeId, sequence) }
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain))
  const statements = [{ sql: SQL, values: [header, sealed] }]
  return {
    record: new RecordWriter().encode({ sequence, statements }, first),
    end: { sequence, tag: tagOf(sealed), generation: before.generation },
  }
}

/**
 * Decrypts the records after a snapshot or a position.
 * @throws WRONG_KEY
 * @throws CORRUPT_LOG if a record was changed, or is not the one that was written after the record before it
 */
export async function openRecords(
  keys: KeyRing,
  storeId: string,
  commits: readonly RecordedCommit[],
  from: LogEnd,
): Promise<{ readonly commits: readonly RecordedCommit[]; readonly end: LogEnd }> {
  const opened: RecordedCommit[] = []
  let end = from
  for (const { sequence, statements } of commits) {
    const [text, sealed] = statements[0]?.values ?? []
    const header = typeof text === 'string' && statements[0]?.sql === SQL ? headerIn(text) : undefined
    if (!header || typeof text !== 'string' || !(sealed instanceof Uint8Array)) throw changed(sequence)
    // Not the generation: a snapshot may be passed on after records that follow it.
    const isNext = sequence === end.sequence + 1 && header.after === end.tag
    const key = await keys.unwrap({ key: header.key, derivation: header.derivation })
    const algorithm = { name: 'AES-GCM', iv: nonceOf(header.nonce), additionalData: boundTo(text, storeId, sequence) }
    const plain = await crypto.subtle.decrypt(algorithm, key, sealed as Uint8Array<ArrayBuffer>).catch((cause) => {
      throw changed(sequence, cause)
    })
    if (!isNext) throw displaced(sequence)
    opened.push(new PlainRecords().decode(new Uint8Array(plain)).commit)
    end = { sequence, tag: tagOf(sealed), generation: Math.max(end.generation, header.generation) }
  }
  return { commits: opened, end }
}

function headerIn(text: string): RecordHeader | undefined {
  try {
    return JSON.parse(text) as RecordHeader
  } catch {
    return undefined
  }
}

function boundTo(header: string, storeId: string, sequence: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(['record', storeId, sequence, header]))
}

function tagOf(sealed: Uint8Array): string {
  return toBase64(sealed.subarray(-TAG_BYTES))
}

function changed(sequence: number, cause?: unknown): StoreError {
  const finding = `Record ${sequence} of the log was changed since it was encrypted.`
  return new StoreError('CORRUPT_LOG', `${finding} Restore a backup.`, { cause })
}

function displaced(sequence: number): StoreError {
  const finding = `Record ${sequence} of the log is not the one that was written after the record before it.`
  return new StoreError('CORRUPT_LOG', `${finding} Restore a backup.`)
}
