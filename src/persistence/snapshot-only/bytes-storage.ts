import { invalid } from '../../checks.ts'
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
import { checkCallbacks, checkStorageOptions } from '../storage-options.ts'

/** What the caller keeps, and how it is told of more. */
export interface BytesStorageOptions {
  /** What was saved last, or a snapshot or exported file of a store; a new store unless given (or null: nothing was saved). */
  readonly initial?: Uint8Array | ArrayBufferLike | ArrayBufferView | null | undefined
  /**
   * Given the whole store, as bytes of its own: at once where it is new or was brought up to date, after `flush()` and
   * `close()`, and some seconds after the last operation. A rejection is tried again.
   */
  readonly save?: ((bytes: Uint8Array) => Promise<void> | void) | undefined
}

/**
 * A storage that the caller keeps: `bytesStorage({ initial, save })`. With `save` it keeps snapshots, and `durability: 'strict'` is
 * refused; without it keeps nothing, and `store.snapshot()` gives the bytes. Opening rejects with NOT_A_STORE,
 * CORRUPT_SNAPSHOT.
 * @throws INVALID_ARGUMENT for anything else: for what is no bytes, or bytes without their name, say.
 */
export function bytesStorage(
  options: BytesStorageOptions & { readonly save: NonNullable<BytesStorageOptions['save']> },
): SnapshotOnlyStorageAdapter
/** Where nobody saves them, or it is not known. */
export function bytesStorage(options?: BytesStorageOptions): LoglessStorageAdapter
export function bytesStorage(options: BytesStorageOptions = {}): LoglessStorageAdapter {
  const { initial, save } = checkStorageOptions(options, 'bytes', ['initial', 'save'])
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

  async open({ judge }: OpenOptions): Promise<StoredState> {
    if (!this.#initial || this.#initial.length === 0) return EMPTY
    const snapshot = this.#initial.slice()
    const verdict = judge(snapshot, undefined)
    if (verdict === 'foreign') {
      throw new StoreError('NOT_A_STORE', 'Expected the bytes of a store, got those of another program')
    }
    if (verdict === 'damaged') {
      throw new StoreError('CORRUPT_SNAPSHOT', 'Expected the bytes of a whole store, got damaged ones')
    }
    return { snapshot, sequence: undefined, commits: [], wantsSnapshot: false, isWhole: true, notes: [] }
  }

  /** @throws UNSUPPORTED always: what keeps a store here saves all of it. */
  async append(): Promise<void> {
    throw new StoreError('UNSUPPORTED', 'Expected a storage that keeps a log, but bytes are saved as a whole')
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
  // Also where it was made in another realm.
  if (/ArrayBuffer\]$/.test(Object.prototype.toString.call(initial))) return new Uint8Array(initial)
  throw invalid('initial', 'bytes: a Uint8Array or an ArrayBuffer', initial)
}
