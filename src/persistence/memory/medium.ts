import type { Manifest, Segment, StoreMarker } from '../log/recovery.ts'
import { Waiters } from '../waiters.ts'

/**
 * What outlives the storages that were opened on it, in memory. Its fields are open so that tests can do to it what a disk
 * does to a file.
 */
export class MemoryMedium {
  /** The number of the last lease, and whether its writer still holds it. */
  epoch: number = 0
  held: boolean = false
  /** What is expectedStore apart from the store: that there was one. @internal */
  storeMarker: StoreMarker | undefined
  /** @internal */
  readonly snapshots: Map<Manifest, Uint8Array> = new Map()
  /** @internal */
  readonly segments: Map<Omit<Segment, 'content'>, Uint8Array[]> = new Map()
  readonly #waiting = new Waiters<undefined>()

  /** Resolves when the lease is given back. */
  nextRelease(): Promise<void> {
    return this.#waiting.wait(undefined)
  }

  /** Wakes those who wait for the lease. */
  released(): void {
    this.#waiting.resolve(() => true)
  }

  /** Called before each change; a test makes it throw. */
  beforeChange: (change: 'append' | 'snapshot' | 'head' | 'remove') => void = () => {}
}
