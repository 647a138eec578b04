import type { Manifest, Segment, StoreMarker } from '../log/recovery.ts'
import { Mutex } from '../mutex.ts'

/**
 * The memory that outlives the storages opened on it. Its fields are public so that tests can damage it as a disk
 * damages a file.
 */
export class MemoryMedium {
  /** The epoch of the last lease. */
  epoch: number = 0
  /** The marker of the store, apart from the store itself. @internal */
  storeMarker: StoreMarker | undefined
  /** @internal */
  readonly snapshots: Map<Manifest, Uint8Array> = new Map()
  /** @internal */
  readonly segments: Map<Omit<Segment, 'content'>, Uint8Array[]> = new Map()
  readonly #mutex = new Mutex()
  #release: (() => void) | undefined

  /** Whether a writer holds the lease. */
  get held(): boolean {
    return this.#mutex.isHeld
  }

  /** Takes the lease and returns its epoch. @internal @throws LOCKED after `lockTimeoutMs` */
  async acquireLease(lockTimeoutMs: number): Promise<number> {
    this.#release = await this.#mutex.acquire(lockTimeoutMs, 'this memory')
    return ++this.epoch
  }

  /** Ends the lease, as the death of its writer does. */
  releaseLease(): void {
    this.#release?.()
  }

  /** Called before each change. A test makes it throw. */
  beforeChange: (change: 'append' | 'snapshot' | 'head' | 'remove') => void = () => {}
}
