import { checkCallbacks, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import { EMPTY } from '../log/recovery.ts'
import type {
  LoglessStorageAdapter,
  OpenOptions,
  Snapshot,
  SnapshotOnlyStorageAdapter,
  StorageAdapter,
  StoredState,
} from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { checkStorageOptions } from '../storage-options.ts'

/** Options of `bytesStorage`. */
export interface BytesStorageOptions {
  /**
   * The bytes saved last, or a snapshot or exported file of a store. Default: a new store, also for null or no bytes.
   */
  readonly initial?: Uint8Array | ArrayBufferLike | ArrayBufferView | null | undefined
  /**
   * Saves the whole store, as bytes of its own. Called immediately if the store is new or was upgraded, on `flush()`
   * and `close()`, and some seconds after the last operation. A rejection is retried.
   */
  readonly save?: ((bytes: Uint8Array) => Promise<void> | void) | undefined
}

/**
 * A storage in bytes that the caller saves: `bytesStorage({ initial, save })`. With `save` it persists snapshots, and
 * `durability: 'strict'` is refused; without it nothing is persisted, and `store.snapshot()` returns the bytes. Opening
 * rejects with NOT_A_STORE or CORRUPT_SNAPSHOT.
 * @throws INVALID_ARGUMENT for an unknown option, or an `initial` that is not bytes
 */
export function bytesStorage(
  options: BytesStorageOptions & { readonly save: NonNullable<BytesStorageOptions['save']> },
): SnapshotOnlyStorageAdapter
/** Without `save`, or where that is not known. */
export function bytesStorage(options?: BytesStorageOptions): LoglessStorageAdapter
export function bytesStorage(options: BytesStorageOptions = {}): LoglessStorageAdapter {
  const { initial, save } = checkStorageOptions(options, 'bytesStorage', ['initial', 'save'])
  checkCallbacks({ save })
  return new BytesStorage(asBytes(initial), save)
}

class BytesStorage implements StorageAdapter {
  readonly name = 'bytes:'
  readonly persists: LoglessStorageAdapter['persists']
  readonly #initial: Uint8Array | undefined
  readonly #save: BytesStorageOptions['save']

  constructor(initial: Uint8Array | undefined, save: BytesStorageOptions['save']) {
    this.#initial = initial
    this.#save = save
    this.persists = save ? 'snapshots' : 'nothing'
  }

  async open({ classify }: OpenOptions): Promise<StoredState> {
    if (!this.#initial || this.#initial.length === 0) return EMPTY
    const snapshot = this.#initial.slice()
    const verdict = classify(snapshot, undefined)
    if (verdict === 'foreign') {
      throw new StoreError('NOT_A_STORE', 'The bytes belong to another program. Import them into a new store instead.')
    }
    if (verdict === 'damaged') {
      throw new StoreError('CORRUPT_SNAPSHOT', 'The bytes of the store are damaged. Restore a backup.')
    }
    return { snapshot, sequence: undefined, commits: [], wantsSnapshot: false, isWhole: true, notes: [] }
  }

  /** @throws UNSUPPORTED always: this storage saves the whole store */
  async append(): Promise<void> {
    throw new StoreError('UNSUPPORTED', 'bytesStorage has no log: it saves the whole store')
  }

  async replace(snapshot: Snapshot): Promise<void> {
    try {
      await this.#save?.(snapshot.bytes.slice())
    } catch (cause) {
      throw storageError(cause, `save ${snapshot.bytes.length} bytes`)
    }
  }

  async close(): Promise<void> {}
}

function asBytes(initial: BytesStorageOptions['initial']): Uint8Array | undefined {
  if (initial === undefined || initial === null) return undefined
  if (ArrayBuffer.isView(initial)) return new Uint8Array(initial.buffer, initial.byteOffset, initial.byteLength)
  // Also from another realm.
  if (/ArrayBuffer\]$/.test(Object.prototype.toString.call(initial))) return new Uint8Array(initial)
  throw invalid('initial', 'bytes: a Uint8Array or an ArrayBuffer', initial)
}
