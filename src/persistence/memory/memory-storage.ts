import { failedToLoad, StoreError } from '../../errors.ts'
import { concat, decodeFrames } from '../log/frame.ts'
import { LogOrder } from '../log/log-order.ts'
import {
  byAge,
  EMPTY,
  logOf,
  type Manifest,
  manifestOf,
  recover,
  type Segment,
  storedStateOf,
  storeMissing,
} from '../log/recovery.ts'
import type { Found } from '../log/recovery-with-store-marker.ts'
import type {
  OpenOptions,
  Persists,
  ReadOptions,
  ReadState,
  Snapshot,
  StorageAdapter,
  StoredState,
} from '../storage.ts'
import { MemoryMedium } from './medium.ts'

export { MemoryMedium }

/** A storage in memory. Without a medium nothing outlives the store; with one, the store can be opened again on it. */
export function memoryStorage(medium?: MemoryMedium): StorageAdapter {
  return medium ? new MemoryStorage(medium) : new NoStorage()
}

class NoStorage implements StorageAdapter {
  readonly name = 'memory:'
  readonly persists: Persists = 'nothing'

  async open(): Promise<StoredState> {
    return EMPTY
  }
  async append(): Promise<void> {}
  async replace(): Promise<void> {}
  async close(): Promise<void> {}
}

class MemoryStorage implements StorageAdapter {
  readonly name = 'memory:'
  readonly persists: Persists = 'log'
  readonly #medium: MemoryMedium
  readonly #order = new LogOrder()
  #epoch = 0
  #segment: Uint8Array[] | undefined

  constructor(medium: MemoryMedium) {
    this.#medium = medium
  }

  async open({ lockTimeoutMs, classify }: OpenOptions): Promise<StoredState> {
    this.#epoch = await this.#medium.acquireLease(lockTimeoutMs)
    try {
      return await this.#load(classify)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async read({ classify, from }: ReadOptions): Promise<ReadState> {
    const { readNewest } = await import('../log/reading.ts').catch(failedToLoad('read-only stores'))
    const read = await readNewest(
      {
        list: async () => this.#found(),
        recover: async ({ manifests, segments, read }) =>
          manifests.length > 0 ? recover(manifests, segments, read, classify) : undefined,
      },
      from,
    )
    if (!read) throw new StoreError('STORE_MISSING', 'There is no store in this memory.')
    return read
  }

  async append(records: readonly Uint8Array[]): Promise<void> {
    await this.#order.append(records, async (fresh) => {
      this.#checkLease()
      this.#medium.beforeChange('append')
      if (fresh.length === 0) return
      if (!this.#segment) {
        this.#segment = []
        this.#medium.segments.set({ ...this.#order.segment, epoch: this.#epoch }, this.#segment)
      }
      this.#segment.push(...fresh)
    })
  }

  async replace(snapshot: Snapshot): Promise<void> {
    this.#checkLease()
    const bytes = snapshot.bytes.slice()
    const write = async (generation: number, log: number): Promise<void> => {
      const previous = newestManifest(this.#medium)
      const manifest = await manifestOf({ ...snapshot, bytes }, generation, this.#epoch, log)
      this.#checkLease()
      this.#medium.beforeChange('snapshot')
      this.#medium.beforeChange('head')
      this.#medium.snapshots.set(manifest, bytes)
      this.#medium.storeMarker = { storeId: snapshot.storeId, sequence: snapshot.sequence }
      this.#medium.beforeChange('remove')
      const oldest = previous ?? manifest
      removeWhere(this.#medium.snapshots, ({ generation }) => generation < oldest.generation)
      removeWhere(this.#medium.segments, ({ generation }) => generation < logOf(oldest))
    }
    const begin = (): void => {
      this.#checkLease()
      this.#segment = undefined
    }
    await this.#order.replace(snapshot, write, begin)
  }

  async close(): Promise<void> {
    if (this.#medium.epoch !== this.#epoch) return
    this.#epoch = -1
    this.#medium.releaseLease()
  }

  async #load(classify: OpenOptions['classify']): Promise<StoredState> {
    const { snapshots, storeMarker } = this.#medium
    const { manifests, segments, read } = this.#found()
    const newest = manifests.at(-1)
    if (!newest) {
      if (storeMarker) throw storeMissing(storeMarker, 'Or use another medium to start with a new store.')
      return EMPTY
    }
    const found = await recover(manifests, segments, read, classify)
    this.#order.start(newest.generation, found.commits.at(-1)?.sequence ?? found.manifest.sequence)
    for (const manifest of found.damaged) snapshots.delete(manifest)
    return storedStateOf(found)
  }

  #found(): Found {
    const { snapshots, segments } = this.#medium
    return {
      manifests: [...snapshots.keys()].sort(byAge),
      segments: [...segments]
        .map(([named, records]): Segment => ({ ...named, content: decodeFrames(concat(records)) }))
        .sort(byAge),
      read: async (manifest) => snapshots.get(manifest),
    }
  }

  #checkLease(): void {
    if (this.#medium.epoch === this.#epoch && this.#medium.held) return
    throw new StoreError('LEASE_LOST', `Another writer has taken over lease ${this.#epoch}. Open the store again.`)
  }
}

function newestManifest(medium: MemoryMedium): Manifest | undefined {
  return [...medium.snapshots.keys()].sort(byAge).at(-1)
}

function removeWhere<K>(map: Map<K, unknown>, condition: (key: K) => boolean): void {
  for (const key of map.keys()) if (condition(key)) map.delete(key)
}
