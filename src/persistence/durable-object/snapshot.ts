import { chunksOf } from '../log/frame.ts'
import { byAge, encodeManifest, logOf, type Manifest } from '../log/recovery.ts'
import type { Keys, Kind, Named } from './keys.ts'
import type { DurableObjectLease } from './lease.ts'
import type { DurableObjectChange, DurableObjectStorageLike } from './options.ts'

/** Cloudflare allows 2 MB for a key and its value together. */
export const MAX_VALUE_BYTES: number = 1024 * 1024

/** Writes and removes the snapshots of one store for the holder of its lease. */
export class SnapshotRows {
  readonly #kv: DurableObjectStorageLike['kv']
  readonly #keys: Keys
  readonly #lease: DurableObjectLease
  /** Whether every existing chunk has a manifest. */
  #isSwept = false

  constructor(kv: DurableObjectStorageLike['kv'], keys: Keys, lease: DurableObjectLease) {
    this.#kv = kv
    this.#keys = keys
    this.#lease = lease
  }

  /**
   * Writes the chunks one by one, so that no transaction is large, and the manifest last; after a failure nothing of
   * the snapshot is left.
   */
  async write(
    manifest: Manifest,
    bytes: Uint8Array,
    beforeChange: (change: DurableObjectChange) => Promise<void>,
  ): Promise<void> {
    try {
      for (const [i, chunk] of chunksOf(bytes, MAX_VALUE_BYTES)) {
        await beforeChange('snapshot')
        this.#lease.write(() => this.#kv.put(this.#keys.chunk(manifest, i), chunk))
      }
      await beforeChange('head')
      this.#lease.write(() => this.#kv.put(this.#keys.manifest(manifest, manifest.sequence), encodeManifest(manifest)))
    } catch (error) {
      this.#undo(manifest)
      throw error
    }
  }

  /** Removes what neither of the two newest snapshots needs. */
  removeOlder(previous: Manifest | undefined, manifest: Manifest): void {
    const isNeeded = (one: Named): boolean => [previous, manifest].some((needed) => needed && byAge(one, needed) === 0)
    const oldest = logOf(previous ?? manifest)
    this.#lease.write(() => {
      for (const named of this.#removeWhere('head', (one) => !isNeeded(one))) this.#removeChunks(named)
      // Dead writers may have left chunks without a manifest. After one sweep there are none, and no chunk needs to be
      // read.
      if (!this.#isSwept) this.#removeWhere('part', (one) => !isNeeded(one))
      this.#removeWhere('log', ({ generation }) => generation < oldest)
    })
    this.#isSwept = true
  }

  #undo(manifest: Manifest): void {
    try {
      this.#lease.write(() => {
        this.#kv.delete(this.#keys.manifest(manifest, manifest.sequence))
        this.#removeChunks(manifest)
      })
    } catch {
      // If this fails as well, the next snapshot removes them.
      this.#isSwept = false
    }
  }

  #removeChunks(named: Named): void {
    for (let i = 0; this.#kv.delete(this.#keys.chunk(named, i)); i++);
  }

  #removeWhere(kind: Kind, condition: (named: Named) => boolean): Named[] {
    const removed: Named[] = []
    // Keys must not be deleted while their list is being read.
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
