import { get, setMany } from 'idb-keyval'
import { failedToLoad, StoreError } from '../../errors.ts'
import { chunksOf, concat, lastSequence } from '../log/frame.ts'
import { LogOrder } from '../log/log-order.ts'
import { EMPTY, type Manifest, manifestOf, storedStateOf } from '../log/recovery.ts'
import { lastOf, recoverWithStoreMarker } from '../log/recovery-with-store-marker.ts'
import { notify } from '../notify.ts'
import type { Durability, OpenOptions, Persists, ReadOptions, ReadState, Snapshot, StoredState } from '../storage.ts'
import { Database } from './database.ts'
import { checkPlatform, coded } from './errors.ts'
import { LEASE, logKey, newestGeneration, rangesOutside } from './keys.ts'
import { IndexedDbLease } from './lease.ts'
import { loadManifests, loadSegments, loadSnapshot } from './load.ts'
import { databaseName, lockName, storageName } from './names.ts'
import type { IndexedDbChange, IndexedDbStorageAdapter, IndexedDbStorageOptions } from './options.ts'
import { removeRanges, writeSnapshot } from './snapshot.ts'
import { loadStoreMarkers, saveStoreMarker } from './store-marker.ts'

/** Chromium writes values above 64 KiB to files that the strict transaction of a later record does not sync. */
const MAX_LOG_CHUNK_BYTES = 32 * 1024

export class IndexedDbStorage implements IndexedDbStorageAdapter {
  readonly name: string
  readonly persists: Persists = 'log'
  readonly #remedy: string
  readonly #lockName: string
  readonly #options: IndexedDbStorageOptions
  readonly #database: Database
  #lease: IndexedDbLease | undefined
  /** The manifest of the newest durable snapshot. */
  #manifest: Manifest | undefined
  readonly #order = new LogOrder()
  /** The sequence of the last commit on the disk. */
  #synced = 0

  constructor(name: string, options: IndexedDbStorageOptions) {
    this.#remedy = `Or call deleteLearningStore('indexeddb:${name}') to start with a new store.`
    this.#lockName = lockName(name)
    this.name = storageName(name)
    this.#options = options
    this.#database = new Database(databaseName(name))
  }

  async open({ lockTimeoutMs }: OpenOptions): Promise<StoredState> {
    checkPlatform(this.name)
    try {
      return await coded(`open ${this.name}`, async () => {
        const onBlocked = (): void => notify(this.#options.onBlocked, undefined)
        this.#lease = await IndexedDbLease.acquire(this.#database, this.#lockName, lockTimeoutMs, onBlocked)
        return await this.#load(this.#lease)
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async read({ from }: ReadOptions): Promise<ReadState> {
    checkPlatform(this.name)
    const { name } = this
    const { readDatabase } = await import('./reader.ts').catch(failedToLoad('read-only stores'))
    const named = {
      name,
      databaseName: this.#database.name,
      remedy: this.#remedy,
      expectedStore: this.#options.expectedStore,
    }
    return coded(`read ${name}`, () => readDatabase(named, from))
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    const lease = this.#requireLease()
    await this.#order.append(records, async (fresh) => {
      const bytes = concat(fresh)
      const segment = { ...this.#order.segment, epoch: lease.record.epoch }
      const first = lastSequence(fresh.slice(0, 1)) ?? 0
      const entries = Array.from(chunksOf(bytes, MAX_LOG_CHUNK_BYTES), ([i, chunk]): [IDBValidKey, unknown] => [
        logKey(segment, first, i),
        chunk,
      ])
      // Only a writing transaction syncs the earlier writes to the disk.
      if (fresh.length === 0) entries.splice(0, 1, [LEASE, lease.record])
      await coded(`append ${bytes.length} bytes to the log of ${this.name}`, async () => {
        await this.#beforeChange('append')
        await setMany(entries, lease.use(durability))
      })
      if (durability === 'strict') this.#synced = lastSequence(fresh) ?? this.#order.last
    })
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const lease = this.#requireLease()
    const bytes = snapshot.bytes.slice()
    const { storeId, sequence } = snapshot
    const write = async (generation: number, log: number): Promise<void> => {
      const manifest = await manifestOf({ bytes, sequence, storeId }, generation, lease.record.epoch, log)
      const previous = this.#manifest
      await writeSnapshot(lease.use('strict'), previous, manifest, bytes, this.#beforeChange)
      this.#manifest = manifest
      this.#synced = Math.max(this.#synced, sequence)
      await this.#beforeChange('remove')
      await removeRanges(lease.use('relaxed'), rangesOutside(previous, manifest))
      await this.#beforeChange('storeMarker')
      await this.#saveStoreMarker(lease, manifest)
    }
    await coded(`write a snapshot of ${bytes.length} bytes of ${this.name}`, () => this.#order.replace(snapshot, write))
  }

  rest(): void {
    this.#database.close()
  }

  async close(): Promise<void> {
    const lease = this.#lease
    this.#lease = undefined
    try {
      if (lease && this.#manifest) await this.#saveStoreMarker(lease, this.#manifest)
    } catch {
      // Another writer has taken over and stores its own marker, or the next opening reports the loss.
    } finally {
      this.#database.close()
      await lease?.release()
    }
  }

  readonly #beforeChange = async (change: IndexedDbChange): Promise<void> => {
    await this.#options.beforeChange?.(change)
  }

  async #load(lease: IndexedDbLease): Promise<StoredState> {
    const { keys } = lease
    const { storeMarkers, notes } = await loadStoreMarkers(this.name, this.#options.expectedStore)
    this.#order.start(newestGeneration(keys))
    const use = lease.use('relaxed')
    const [manifests, segments] = [await loadManifests(use, keys), await loadSegments(use, keys)]
    const found = { manifests, segments, read: (manifest: Manifest) => loadSnapshot(use, keys, manifest) }
    const recovery = await recoverWithStoreMarker(found, storeMarkers, this.#remedy)
    if (!recovery) return { ...EMPTY, notes }
    // A damaged snapshot stays until the next one is durable: the browser may be able to read it later.
    this.#manifest = recovery.manifest
    // The lease was written with `strict` durability after everything found.
    this.#synced = lastOf(recovery)
    this.#order.start(newestGeneration(keys), this.#synced)
    const stored = storedStateOf(recovery)
    return { ...stored, notes: [...stored.notes, ...notes] }
  }

  /** Only the holder of the lease may do this: the marker of a stalled writer is outdated. */
  async #saveStoreMarker(lease: IndexedDbLease, { storeId }: Manifest): Promise<void> {
    await get(LEASE, lease.use('relaxed'))
    const storeMarker = { storeId, sequence: this.#synced }
    await saveStoreMarker(this.name, storeMarker)
    notify(this.#options.onStoreMarker, storeMarker)
  }

  #requireLease(): IndexedDbLease {
    if (!this.#lease) throw new StoreError('CLOSED', 'The storage is closed')
    return this.#lease
  }
}
