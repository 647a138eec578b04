import { checkCallbacks } from '../../checks.ts'
import { failedToLoad, StoreError, textOf } from '../../errors.ts'
import { chunksOf, concat, lastSequence } from '../log/frame.ts'
import { LogOrder } from '../log/log-order.ts'
import { EMPTY, type Manifest, manifestOf, type Recovery, storedStateOf } from '../log/recovery.ts'
import { type Found, lastOf, recoverWithStoreMarker } from '../log/recovery-with-store-marker.ts'
import { notify } from '../notify.ts'
import type {
  Durability,
  OpenOptions,
  Persists,
  ReadOptions,
  ReadState,
  Snapshot,
  StorageAdapter,
  StoredState,
} from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { checkMethods, checkStorageOptions } from '../storage-options.ts'
import { Keys, type Named } from './keys.ts'
import { DurableObjectLease } from './lease.ts'
import { loadManifests, loadSegments, loadSnapshot } from './load.ts'
import type { DurableObjectChange, DurableObjectStorageLike, DurableObjectStorageOptions } from './options.ts'
import { MAX_VALUE_BYTES, SnapshotRows } from './snapshot.ts'

export type { DurableObjectChange, DurableObjectStorageLike, DurableObjectStorageOptions }

/**
 * A storage in a Durable Object: `openLearningStore({ storage: durableObjectStorage(ctx.storage) })`. The class of the
 * object needs SQLite (`new_sqlite_classes`), otherwise opening rejects with UNSUPPORTED. An append is one transaction
 * and one row per MiB of records (plus one row written when a later snapshot removes it), a snapshot one row per MiB.
 *
 * The runtime holds back the object's responses until its earlier writes are on disks, so that a caller over the
 * network gets the guarantee of `strict` even for `relaxed`. With `strict` the storage also waits for the disks itself
 * (`storage.sync()`), so that code inside the object can rely on it.
 *
 * An object runs once at a time: a lease left by an evicted instance is taken over immediately, and the epoch of the
 * lease fences the old instance. A second opening on the same storage object waits and is LOCKED.
 * @throws INVALID_ARGUMENT for an argument that is not `ctx.storage`, an invalid name, an unknown option
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
  /** The manifest of the newest durable snapshot. */
  #manifest: Manifest | undefined
  readonly #order = new LogOrder()
  /** The sequence of the last commit on the disk. */
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
        return await this.#load()
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async read({ from }: ReadOptions): Promise<ReadState> {
    const { readNewest } = await import('../log/reading.ts').catch(failedToLoad('read-only stores'))
    const read = await this.#coded('read', () =>
      readNewest({ list: async () => this.#found(), recover: (found) => this.#recover(found) }, from),
    )
    if (read) return read
    throw new StoreError(
      'STORE_MISSING',
      `There is no store in ${this.name}. Open it without \`readOnly\` to create one.`,
    )
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    const lease = this.#requireLease()
    const append = async (fresh: readonly Uint8Array[]): Promise<void> => {
      const bytes = concat(fresh)
      const first = lastSequence(fresh.slice(0, 1)) ?? 0
      const segment = { ...this.#order.segment, epoch: lease.epoch }
      await this.#coded(`append ${bytes.length} bytes to the log of`, async () => {
        await this.#options.beforeChange?.('append')
        lease.write(() => {
          if (fresh.length === 0) return
          for (const [i, chunk] of chunksOf(bytes, MAX_VALUE_BYTES)) {
            this.#storage.kv.put(this.#keys.log(segment, segment.after, first, i), chunk)
          }
        })
        if (durability === 'strict') await this.#sync(lastSequence(fresh))
      })
    }
    await this.#order.append(records, append)
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const lease = this.#requireLease()
    this.#snapshots ??= new SnapshotRows(this.#storage.kv, this.#keys, lease)
    const snapshots = this.#snapshots
    const bytes = snapshot.bytes.slice()
    const { storeId, sequence } = snapshot
    const write = async (generation: number, log: number): Promise<void> => {
      const previous = this.#manifest
      const manifest = await manifestOf({ bytes, sequence, storeId }, generation, lease.epoch, log)
      const beforeChange = async (change: DurableObjectChange): Promise<void> => this.#options.beforeChange?.(change)
      await snapshots.write(manifest, bytes, beforeChange)
      this.#manifest = manifest
      await beforeChange('remove')
      snapshots.removeOlder(previous, manifest)
      await this.#sync()
      this.#saveStoreMarker(lease, manifest)
    }
    await this.#coded(`write a snapshot of ${bytes.length} bytes of`, () => this.#order.replace(snapshot, write))
  }

  async close(): Promise<void> {
    const lease = this.#lease
    this.#lease = undefined
    this.#snapshots = undefined
    try {
      if (lease && this.#manifest) this.#saveStoreMarker(lease, this.#manifest)
    } catch {
      // Another writer has taken over and stores its own marker, or the next opening reports the loss.
    } finally {
      lease?.release()
    }
  }

  async #load(): Promise<StoredState> {
    const found = this.#found()
    const generation = Math.max(0, ...[...found.manifests, ...found.segments].map((one) => one.generation))
    this.#order.start(generation)
    const recovery = await this.#recover(found)
    if (!recovery) return EMPTY
    this.#manifest = recovery.manifest
    this.#synced = lastOf(recovery)
    this.#order.start(generation, this.#synced)
    return storedStateOf(recovery)
  }

  #found(): Found {
    const { kv } = this.#storage
    const read = async (manifest: Manifest): Promise<Uint8Array | undefined> => loadSnapshot(kv, this.#keys, manifest)
    return { manifests: loadManifests(kv, this.#keys), segments: loadSegments(kv, this.#keys), read }
  }

  #recover(found: Found): Promise<Recovery | undefined> {
    const { expectedStore } = this.#options
    const remedy = 'Or open it without `expectedStore` to start with a new store.'
    return recoverWithStoreMarker(found, expectedStore ? [expectedStore] : [], remedy)
  }

  async #sync(last = this.#order.last): Promise<void> {
    await this.#storage.sync()
    this.#synced = Math.max(this.#synced, last)
  }

  /** Only the holder of the lease may do this: the marker of a stalled writer is outdated. */
  #saveStoreMarker(lease: DurableObjectLease, { storeId }: Manifest): void {
    lease.write(() => {})
    notify(this.#options.onStoreMarker, { storeId, sequence: this.#synced })
  }

  async #coded<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      // The runtime throws this at the first use of the storage; only the message identifies it.
      if (/not declared to use SQLite/.test(textOf(cause))) {
        const remedy = 'List its class in `new_sqlite_classes`.'
        throw new StoreError('UNSUPPORTED', `The Durable Object has no SQLite. ${remedy}`, { cause })
      }
      throw storageError(cause, `${action} ${this.name}`, /SQLITE_FULL|disk is full/.test(textOf(cause)))
    }
  }

  #requireLease(): DurableObjectLease {
    if (!this.#lease) throw new StoreError('CLOSED', 'The storage is closed')
    return this.#lease
  }
}
