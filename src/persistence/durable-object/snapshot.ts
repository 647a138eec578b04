import { chunksOf } from '../log/frame.ts'
import { byAge, encodeManifest, type Manifest } from '../log/recovery.ts'
import type { Keys, Kind, Named } from './keys.ts'
import type { DurableObjectLease } from './lease.ts'
import type { DurableObjectChange, DurableObjectStorageLike } from './options.ts'

/** Cloudflare takes 2 MB for a key and its value together. */
export const MOST_VALUE_BYTES: number = 1024 * 1024

/** Writes and removes snapshots of one store for the holder of a lease. */
export class SnapshotRows {
  readonly #kv: DurableObjectStorageLike['kv']
  readonly #keys: Keys
  readonly #lease: DurableObjectLease
  /** Whether every part that is there has a head. */
  #isSwept = false

  constructor(kv: DurableObjectStorageLike['kv'], keys: Keys, lease: DurableObjectLease) {
    this.#kv = kv
    this.#keys = keys
    this.#lease = lease
  }

  /** The parts one by one, so that no transaction is large, and the head last; or nothing of them is left. */
  async write(
    head: Manifest,
    bytes: Uint8Array,
    beforeChange: (change: DurableObjectChange) => Promise<void>,
  ): Promise<void> {
    try {
      for (const [i, part] of chunksOf(bytes, MOST_VALUE_BYTES)) {
        await beforeChange('snapshot')
        this.#lease.write(() => this.#kv.put(this.#keys.part(head, i), part))
      }
      await beforeChange('head')
      this.#lease.write(() => this.#kv.put(this.#keys.head(head, head.sequence), encodeManifest(head)))
    } catch (error) {
      this.#undo(head)
      throw error
    }
  }

  /** Removes what neither of the two newest snapshots needs. */
  removeOlder(previous: Manifest | undefined, head: Manifest): void {
    const isNeeded = (one: Named): boolean => [previous, head].some((needed) => needed && byAge(one, needed) === 0)
    const oldest = (previous ?? head).generation
    this.#lease.write(() => {
      for (const named of this.#removeWhere('head', (one) => !isNeeded(one))) this.#removeParts(named)
      // What writers that died in the middle have left. Later it is known that there is none, and no part need be read.
      if (!this.#isSwept) this.#removeWhere('part', (one) => !isNeeded(one))
      this.#removeWhere('log', ({ generation }) => generation < oldest)
    })
    this.#isSwept = true
  }

  #undo(head: Manifest): void {
    try {
      this.#lease.write(() => {
        this.#kv.delete(this.#keys.head(head, head.sequence))
        this.#removeParts(head)
      })
    } catch {
      // Where the storage refuses this too, the next snapshot removes them.
      this.#isSwept = false
    }
  }

  #removeParts(named: Named): void {
    for (let i = 0; this.#kv.delete(this.#keys.part(named, i)); i++);
  }

  #removeWhere(kind: Kind, condition: (named: Named) => boolean): Named[] {
    const removed: Named[] = []
    // A list must not be read on while something of it is deleted.
    for (const key of Array.from(this.#kv.list({ prefix: this.#keys.prefix(kind) }), ([key]) => key)) {
      const [generation = 0, epoch = 0] = this.#keys.numbers(key)
      const named = { generation, epoch }
      if (!condition(named)) continue
      this.#kv.delete(key)
      removed.push(named)
    }
    return removed
  }
}
