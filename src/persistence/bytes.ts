import { StoreError } from '../errors.ts'
import type { Keeps, Kept, OpenOptions, Place, Snapshot } from './place.ts'
import { EMPTY } from './recovery.ts'
import { storageError } from './storage-error.ts'

/** What the caller keeps, and how it is told of more. */
export interface BytesPlaceOptions {
  /** What was saved last, or a snapshot or exported file of a store; a new store unless given. */
  readonly initial?: Uint8Array | undefined
  /**
   * Given the whole store, as bytes of its own: at once where it is new or was brought up to date, after `flush()` and
   * `close()`, and some seconds after the last act. A rejection is tried again.
   */
  readonly save?: ((bytes: Uint8Array) => Promise<void> | void) | undefined
}

/**
 * A place that the caller keeps: `bytes({ initial, save })`. With `save` it keeps snapshots, and `durability: 'strict'` is
 * refused; without it keeps nothing, and `store.snapshot()` gives the bytes. Opening rejects with FOREIGN_FILE,
 * DAMAGED_SNAPSHOT.
 */
export function bytes(options: BytesPlaceOptions = {}): Place {
  return new BytesPlace(options)
}

class BytesPlace implements Place {
  readonly name = 'bytes:'
  readonly keeps: Keeps
  readonly #options: BytesPlaceOptions

  constructor(options: BytesPlaceOptions) {
    this.#options = options
    this.keeps = options.save ? 'snapshots' : 'nothing'
  }

  async open({ judge }: OpenOptions): Promise<Kept> {
    const { initial } = this.#options
    if (!initial || initial.length === 0) return EMPTY
    const snapshot = initial.slice()
    const verdict = judge(snapshot, undefined)
    if (verdict === 'foreign') {
      throw new StoreError('FOREIGN_FILE', 'Expected the bytes of a store, got those of another program')
    }
    if (verdict === 'damaged') {
      throw new StoreError('DAMAGED_SNAPSHOT', 'Expected the bytes of a whole store, got damaged ones')
    }
    return { snapshot, sequence: undefined, commits: [], wantsSnapshot: false, isWhole: true, notes: [] }
  }

  /** @throws UNSUPPORTED always: what keeps a store here saves all of it. */
  async append(): Promise<void> {
    throw new StoreError('UNSUPPORTED', 'Expected a place that keeps a log, but bytes are saved as a whole')
  }

  async replace(snapshot: Snapshot): Promise<void> {
    try {
      await this.#options.save?.(snapshot.bytes.slice())
    } catch (cause) {
      throw storageError(cause, `save ${snapshot.bytes.length} bytes`)
    }
  }

  async close(): Promise<void> {}
}
