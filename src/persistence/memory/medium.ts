import type { Manifest, Segment, StoreMarker } from '../log/recovery.ts'
import { Waiters } from '../waiters.ts'

/**
 * The memory that outlives the storages opened on it. Its fields are public so that tests can damage it as a disk
 * damages a file.
 */
export class MemoryMedium {
  /** The epoch of the last lease, and whether its writer still holds it. */
  epoch: number = 0
  held: boolean = false
  /** The marker of the store, apart from the store itself. @internal */
  storeMarker: StoreMarker | undefined
  /** @internal */
  readonly snapshots: Map<Manifest, Uint8Array> = new Map()
  /** @internal */
  readonly segments: Map<Omit<Segment, 'content'>, Uint8Array[]> = new Map()
  readonly #waiting = new Waiters<undefined>()

  /** Resolves when the lease is released. */
  nextRelease(): Promise<void> {
    return this.#waiting.wait(undefined)
  }

  /** Notifies those who wait for the lease. */
  released(): void {
    this.#waiting.resolve(() => true)
  }

  /** Called before each change. A test makes it throw. */
  beforeChange: (change: 'append' | 'snapshot' | 'head' | 'remove') => void = () => {}
}
