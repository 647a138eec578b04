import type { Head, Segment, Sentinel } from '../log/recovery.ts'
import { Waiters } from '../waiters.ts'

/**
 * What outlives the places that were opened on it, in memory. Its fields are open so that tests can do to it what a disk
 * does to a file.
 */
export class MemoryMedium {
  /** The number of the last claim, and whether its writer still holds it. */
  epoch: number = 0
  held: boolean = false
  /** What is remembered apart from the store: that there was one. @internal */
  sentinel: Sentinel | undefined
  /** @internal */
  readonly snapshots: Map<Head, Uint8Array> = new Map()
  /** @internal */
  readonly segments: Map<Omit<Segment, 'content'>, Uint8Array[]> = new Map()
  readonly #waiting = new Waiters<undefined>()

  /** Resolves when the claim is given back. */
  nextRelease(): Promise<void> {
    return this.#waiting.wait(undefined)
  }

  /** Wakes those who wait for the claim. */
  released(): void {
    this.#waiting.resolve(() => true)
  }

  /** Called before each change; a test makes it throw. */
  beforeChange: (change: 'append' | 'snapshot' | 'head' | 'remove') => void = () => {}
}
