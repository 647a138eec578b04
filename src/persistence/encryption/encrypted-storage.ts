import { StoreError } from '../../errors.ts'
import { releaseStorage } from '../closing.ts'
import { lastSequence, sequenceOf } from '../log/frame.ts'
import type {
  Durability,
  OpenOptions,
  Persists,
  ReadOptions,
  ReadPosition,
  ReadState,
  Snapshot,
  StorageAdapter,
  StoredState,
} from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { checkMethods } from '../storage-options.ts'
import { Turns } from '../turns.ts'
import { type EncryptionKey, isEncrypted } from './format.ts'
import { KeyRing, toBase64 } from './key-ring.ts'
import { type LogEnd, openRecords, PlainRecords, sealRecord } from './sealed-record.ts'
import { openSnapshot, sealSnapshot } from './sealed-snapshot.ts'

/** A position of a reader, with the end of the log there. */
interface EncryptedPosition extends ReadPosition {
  readonly logEnd?: LogEnd
}

interface SealedRecord {
  readonly plain: Uint8Array
  readonly record: Uint8Array
  /** The tag of the record before it. */
  readonly after: string
  readonly end: LogEnd
}

/** As many bytes of the header of a snapshot can be damaged; another snapshot differs in more. */
const MOST_DAMAGED_BYTES = 4

const NOWHERE: LogEnd = { sequence: 0, tag: '', generation: 0 }

/**
 * A storage that encrypts what it passes on to another one, by AES-GCM with 256 bits. What was changed, swapped, repeated or left out is noticed;
 * that the whole storage was set back to an earlier state is not. A lost key cannot be replaced.
 *
 * @param key a passphrase (PBKDF2 with HMAC-SHA-256 and 600,000 iterations), or a `CryptoKey` for AES-GCM that encrypts and decrypts
 * @throws INVALID_ARGUMENT
 * @example
 * ```ts
 * import { encryptedStorage, MemoryMedium, memoryStorage, openLearningStore } from 'learning-store'
 *
 * const medium = new MemoryMedium()
 * const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
 * const store = await openLearningStore({ storage: encryptedStorage(memoryStorage(medium), key) })
 * await store.agent('router')
 * await store.close()
 * ```
 */
export function encryptedStorage<S extends StorageAdapter>(
  storage: S,
  key: string | EncryptionKey,
): StorageAdapter & Pick<S, 'persists'> {
  checkMethods<StorageAdapter>(storage, 'encryptedStorage', 'a StorageAdapter', ['open', 'append', 'replace', 'close'])
  return new EncryptedStorage(storage, new KeyRing(key, storage.name))
}

class EncryptedStorage implements StorageAdapter {
  readonly name: string
  readonly persists: Persists
  readonly read?: NonNullable<StorageAdapter['read']>
  readonly #inner: StorageAdapter
  readonly #keys: KeyRing
  readonly #plainRecords = new PlainRecords()
  #storeId = ''
  /** Where the log ends. */
  #end: LogEnd = NOWHERE
  /** The ends of the log after each record since the last snapshot. */
  readonly #ends = new Map<number, LogEnd>()
  /** Records that may be stored already, although their append failed: they must be the same bytes when they come again. */
  readonly #unacknowledged = new Map<number, SealedRecord>()
  /** The last sequence that is stored for certain. Records up to it must not be encrypted again: others follow them already. */
  #acknowledged = 0
  /** Encryption is asynchronous: calls reach the inner storage one after the other, in their order. */
  readonly #turns = new Turns()

  constructor(inner: StorageAdapter, keys: KeyRing) {
    this.#inner = inner
    this.#keys = keys
    this.name = inner.name
    this.persists = inner.persists
    if (inner.read) this.read = (options) => this.#read(options)
  }

  async open({ lockTimeoutMs, classify }: OpenOptions): Promise<StoredState> {
    const stored = await this.#inner.open({ lockTimeoutMs, classify: classifier(classify) })
    try {
      const opened = await this.#opened(stored)
      this.#storeId = opened.storeId
      this.#end = opened.end
      this.#acknowledged = opened.end.sequence
      this.#ends.clear()
      if (opened.end.tag !== '') this.#ends.set(opened.end.sequence, opened.end)
      return opened.state
    } catch (error) {
      // What kept the store from opening is more than that the storage was not released.
      await releaseStorage(this.#inner).catch(() => {})
      throw storageError(error, `decrypt ${this.name}`)
    }
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    await this.#inTurn(
      () => this.#sealed(records),
      (sealed) => this.#inner.append(sealed, durability),
    )
    this.#acknowledge(lastSequence(records) ?? 0)
  }

  async replace({ bytes, sequence, storeId }: Snapshot): Promise<void> {
    // The caller may change its bytes while they are encrypted.
    const snapshot = { bytes: bytes.slice(), sequence, storeId }
    await this.#inTurn(
      async () => {
        this.#storeId = storeId
        const generation = this.#end.generation + 1
        // A log that begins here is bound to this snapshot.
        const end = { ...(this.#ends.get(sequence) ?? { sequence, tag: newTag() }), generation }
        this.#ends.set(sequence, end)
        this.#end = this.#end.sequence > sequence ? { ...this.#end, generation } : end
        for (const older of this.#ends.keys()) if (older < sequence) this.#ends.delete(older)
        return sealSnapshot(this.#keys, snapshot, end)
      },
      (sealed) => this.#inner.replace({ bytes: sealed, sequence, storeId }),
    )
    this.#acknowledge(sequence)
  }

  async close(): Promise<void> {
    await this.#turns.take(() => {})
    await this.#inner.close()
  }

  async #read({ classify, from }: ReadOptions): Promise<ReadState> {
    const { logEnd, ...position }: EncryptedPosition = from ?? { storeId: '', generation: 0, epoch: 0, sequence: 0 }
    const inner = this.#inner.read
    if (!inner) throw new StoreError('UNSUPPORTED', `${this.name} has no readers`)
    const options = { classify: classifier(classify), from: logEnd && position }
    const read = await inner.call(this.#inner, options)
    try {
      if (!read.continues) {
        const { state, end } = await this.#opened(read)
        return { ...read, ...state, position: positionAt(read.position, end) }
      }
      const { commits, end } = await openRecords(this.#keys, position.storeId, read.commits, logEnd ?? NOWHERE)
      return { ...read, commits, position: positionAt(read.position, end) }
    } catch (error) {
      throw storageError(error, `decrypt ${this.name}`)
    }
  }

  /** Decrypts what the inner storage holds. */
  async #opened<T extends Pick<StoredState, 'snapshot' | 'sequence' | 'commits'>>(
    stored: T,
  ): Promise<{ readonly state: T & { isWhole?: boolean }; readonly storeId: string; readonly end: LogEnd }> {
    if (!stored.snapshot) return { state: stored, storeId: '', end: NOWHERE }
    const { bytes, storeId, end: begin } = await openSnapshot(this.#keys, stored.snapshot, this.name)
    if (stored.sequence !== undefined && stored.sequence !== begin.sequence) {
      const finding = `The snapshot of ${this.name} is that of commit ${begin.sequence}, not of ${stored.sequence}.`
      throw new StoreError('CORRUPT_SNAPSHOT', `${finding} Restore a backup.`)
    }
    const { commits, end } = await openRecords(this.#keys, storeId, stored.commits, begin)
    return { state: { ...stored, snapshot: bytes, sequence: begin.sequence, commits, isWhole: true }, storeId, end }
  }

  #acknowledge(last: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, last)
    for (const sequence of this.#unacknowledged.keys()) if (sequence <= last) this.#unacknowledged.delete(sequence)
  }

  /** Encrypts the records that are not stored for certain. */
  async #sealed(records: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const sealed: Uint8Array[] = []
    for (const plain of records) {
      const sequence = sequenceOf(plain)
      if (sequence <= this.#acknowledged) continue
      const before = this.#ends.get(sequence - 1) ?? this.#end
      if (before.sequence !== sequence - 1) {
        const finding = `Expected record ${before.sequence + 1}, got record ${sequence}.`
        throw new StoreError('STORAGE_ERROR', `${finding} Open the store again.`)
      }
      const earlier = this.#unacknowledged.get(sequence)
      const one = isRepeated(earlier, plain, before.tag) ? earlier : await this.#sealedAfter(before, plain)
      this.#unacknowledged.set(sequence, one)
      this.#ends.set(sequence, one.end)
      if (sequence >= this.#end.sequence) this.#end = { ...one.end, generation: this.#end.generation }
      sealed.push(one.record)
    }
    return sealed
  }

  async #sealedAfter(before: LogEnd, plain: Uint8Array): Promise<SealedRecord> {
    const { generation } = this.#end
    const decoded = this.#plainRecords.decode(plain)
    const sealed = await sealRecord(this.#keys, this.#storeId, decoded, { ...before, generation })
    return { ...sealed, plain, after: before.tag }
  }

  /** Prepares a call when those before it were prepared, and makes it at once; several may be under way. */
  async #inTurn<T>(prepare: () => Promise<T>, call: (prepared: T) => Promise<void>): Promise<void> {
    // Wrapped in an object, so that the next call waits for this one to start, not to end.
    const { done } = await this.#turns.take(async () => ({ done: call(await prepare()) }))
    await done
  }
}

function isRepeated(earlier: SealedRecord | undefined, plain: Uint8Array, after: string): earlier is SealedRecord {
  if (earlier?.plain.length !== plain.length || earlier.after !== after) return false
  return earlier.plain.every((byte, i) => byte === plain[i])
}

function newTag(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(16)))
}

function positionAt(position: ReadPosition | undefined, logEnd: LogEnd): EncryptedPosition | undefined {
  return position && { ...position, logEnd }
}

/** Classifies encrypted bytes by their beginning: they cannot be decrypted without waiting. */
function classifier(classify: OpenOptions['classify']): OpenOptions['classify'] {
  return (found, written) => {
    if (!isEncrypted(found)) return classify(found, written)
    if (!written) return 'edited'
    const differing = written.filter((byte, i) => byte !== found[i]).length
    return differing > MOST_DAMAGED_BYTES ? 'edited' : 'damaged'
  }
}
