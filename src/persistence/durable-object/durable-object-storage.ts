import { StoreError } from '../../errors.ts'
import { chunksOf, concatenated, lastSequence } from '../log/frame.ts'
import { EMPTY, keptOf, type Manifest, manifestOf } from '../log/recovery.ts'
import { lastOf, recoverWithStoreMarker } from '../log/recovery-with-store-marker.ts'
import { tell } from '../notify.ts'
import type { Durability, OpenOptions, Persists, Snapshot, StorageAdapter, StoredState } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { checkCallbacks, checkMethods, checkStorageOptions } from '../storage-options.ts'
import { Keys, type Named } from './keys.ts'
import { DurableObjectLease } from './lease.ts'
import { loadManifests, loadSegments, loadSnapshot } from './load.ts'
import type { DurableObjectChange, DurableObjectStorageLike, DurableObjectStorageOptions } from './options.ts'
import { MOST_VALUE_BYTES, SnapshotRows } from './snapshot.ts'

export type { DurableObjectChange, DurableObjectStorageLike, DurableObjectStorageOptions }

/**
 * A storage in the storage of a Durable Object: `openLearningStore({ storage: durableObjectStorage(ctx.storage) })`. Its class must
 * have SQLite (`new_sqlite_classes`), else opening rejects with UNSUPPORTED. An append is one transaction and one row for
 * each MiB of records (and one more row written when a later snapshot removes it), a snapshot one row for each MiB.
 *
 * The runtime holds back what an object sends until all that it wrote before is on disks: who is answered `relaxed` over
 * the network has been promised what `strict` promises. `strict` also waits for that itself (`storage.sync()`), so that
 * code inside the object can rely on it.
 *
 * An object runs once: a lease left by an instance that was evicted is taken over at once, and the number of the lease
 * fences the old one. A second opening on the same storage object waits and is LOCKED.
 * @throws INVALID_ARGUMENT for what is no such storage, a name that keys cannot begin with, an unknown option.
 */
export function durableObjectStorage(
  storage: DurableObjectStorageLike,
  options: DurableObjectStorageOptions = {},
): StorageAdapter {
  checkMethods(storage, 'durableObjectStorage', 'ctx.storage of a Durable Object', ['transactionSync', 'sync'])
  checkStorageOptions(options, 'durableObjectStorage', ['name', 'expectedStore', 'onStoreMarker', 'beforeChange'])
  checkCallbacks({ onStoreMarker: options.onStoreMarker, beforeChange: options.beforeChange })
  return new DurableObjectStorage(storage, options)
}

class DurableObjectStorage implements StorageAdapter {
  readonly name: string
  readonly persists: Persists = 'log'
  readonly #storage: DurableObjectStorageLike
  readonly #options: DurableObjectStorageOptions
  readonly #keys: Keys
  #lease: DurableObjectLease | undefined
  #snapshots: SnapshotRows | undefined
  /** The head of the newest snapshot that stands. */
  #head: Manifest | undefined
  #segment: Named & { readonly after: number } = { generation: 0, epoch: 0, after: 0 }
  #last = 0
  /** Commits up to here are on the disk. */
  #synced = 0

  constructor(storage: DurableObjectStorageLike, options: DurableObjectStorageOptions) {
    const { name = 'learning-store' } = options
    this.#storage = storage
    this.#options = options
    this.#keys = new Keys(name)
    this.name = `durable-object:${name}`
  }

  async open({ lockTimeoutMs }: OpenOptions): Promise<StoredState> {
    try {
      return await this.#coded('open', async () => {
        const { kv } = this.#storage
        const found = (): Named[] => [...loadManifests(kv, this.#keys), ...loadSegments(kv, this.#keys)]
        const newestEpoch = (): number => Math.max(0, ...found().map(({ epoch }) => epoch))
        this.#lease = await DurableObjectLease.acquire(this.#storage, this.#keys, lockTimeoutMs, newestEpoch)
        return await this.#load(this.#lease)
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    const lease = this.#claimed()
    const bytes = concatenated(records)
    const first = lastSequence(records.slice(0, 1)) ?? 0
    const segment = this.#segment
    await this.#coded(`append ${bytes.length} bytes to the log of`, async () => {
      await this.#options.beforeChange?.('append')
      lease.write(() => {
        if (records.length === 0) return
        for (const [i, chunk] of chunksOf(bytes, MOST_VALUE_BYTES)) {
          this.#storage.kv.put(this.#keys.log(segment, segment.after, first, i), chunk)
        }
      })
      this.#last = lastSequence(records) ?? this.#last
      if (durability === 'strict') await this.#sync()
    })
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const lease = this.#claimed()
    this.#snapshots ??= new SnapshotRows(this.#storage.kv, this.#keys, lease)
    const snapshots = this.#snapshots
    const bytes = snapshot.bytes.slice()
    const { storeId, sequence } = snapshot
    const named = { generation: this.#segment.generation + 1, epoch: lease.epoch }
    this.#segment = { ...named, after: sequence }
    this.#last = sequence
    await this.#coded(`write a snapshot of ${bytes.length} bytes of`, async () => {
      const previous = this.#head
      const head = await manifestOf({ bytes, sequence, storeId }, named.generation, named.epoch)
      const beforeChange = async (change: DurableObjectChange): Promise<void> => this.#options.beforeChange?.(change)
      await snapshots.write(head, bytes, beforeChange)
      this.#head = head
      await beforeChange('remove')
      snapshots.removeOlder(previous, head)
      await this.#sync()
      this.#remember(lease, head)
    })
  }

  async close(): Promise<void> {
    const lease = this.#lease
    this.#lease = undefined
    this.#snapshots = undefined
    try {
      if (lease && this.#head) this.#remember(lease, this.#head)
    } catch {
      // Another writer has taken over and remembers what it does, or the next opening says what is lost.
    } finally {
      lease?.release()
    }
  }

  async #load(lease: DurableObjectLease): Promise<StoredState> {
    const { kv } = this.#storage
    const [heads, segments] = [loadManifests(kv, this.#keys), loadSegments(kv, this.#keys)]
    const generation = Math.max(0, ...[...heads, ...segments].map((one) => one.generation))
    this.#segment = { generation, epoch: lease.epoch, after: 0 }
    const { expectedStore } = this.#options
    const recovery = await recoverWithStoreMarker(
      { heads, segments, read: async (head) => loadSnapshot(kv, this.#keys, head) },
      expectedStore ? [expectedStore] : [],
      'Open without `expectedStore` to start anew.',
    )
    if (!recovery) return EMPTY
    this.#head = recovery.head
    this.#last = this.#synced = lastOf(recovery)
    this.#segment = { ...this.#segment, after: this.#last }
    return keptOf(recovery)
  }

  async #sync(): Promise<void> {
    const last = this.#last
    await this.#storage.sync()
    this.#synced = Math.max(this.#synced, last)
  }

  /** Only by the one who may write: what a sleeper remembers is no longer so. */
  #remember(lease: DurableObjectLease, { storeId }: Manifest): void {
    lease.write(() => {})
    tell(this.#options.onStoreMarker, { storeId, sequence: this.#synced })
  }

  async #coded<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      // What the runtime answers to the first use; only its message tells.
      if (/not declared to use SQLite/.test(String(cause))) {
        throw new StoreError('UNSUPPORTED', `Expected a Durable Object with SQLite (new_sqlite_classes)`, { cause })
      }
      throw storageError(cause, `${what} ${this.name}`, /SQLITE_FULL|disk is full/.test(String(cause)))
    }
  }

  #claimed(): DurableObjectLease {
    if (!this.#lease) throw new StoreError('CLOSED', 'Expected an open storage, got one that was closed')
    return this.#lease
  }
}
