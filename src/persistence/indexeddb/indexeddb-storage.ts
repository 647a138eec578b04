import { get, setMany } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import { chunksOf, concatenated, lastSequence } from '../log/frame.ts'
import { EMPTY, keptOf, type Manifest, manifestOf } from '../log/recovery.ts'
import { lastOf, recoverWithStoreMarker } from '../log/recovery-with-store-marker.ts'
import { tell } from '../notify.ts'
import type { Durability, OpenOptions, Persists, Snapshot, StoredState } from '../storage.ts'
import { Database } from './database.ts'
import { checkPlatform, coded } from './errors.ts'
import { LEASE, logKey, type NamedSegment, newestGeneration, rangesOutside } from './keys.ts'
import { IndexedDbLease } from './lease.ts'
import { loadManifests, loadSegments, loadSnapshot } from './load.ts'
import { databaseName, lockName, storageName } from './names.ts'
import type { IndexedDbChange, IndexedDbStorageAdapter, IndexedDbStorageOptions } from './options.ts'
import { removeRanges, writeSnapshot } from './snapshot.ts'
import { recall, remember } from './store-marker.ts'

/** Chromium keeps values above 64 KiB in files that the strict transaction of a later record does not sync. */
const MOST_LOG_BYTES = 32 * 1024

export class IndexedDbStorage implements IndexedDbStorageAdapter {
  readonly name: string
  readonly persists: Persists = 'log'
  readonly #remedy: string
  readonly #lockName: string
  readonly #options: IndexedDbStorageOptions
  readonly #database: Database
  #lease: IndexedDbLease | undefined
  /** The head of the newest snapshot that stands. */
  #head: Manifest | undefined
  #segment: NamedSegment = { generation: 0, epoch: 0, after: 0 }
  #last = 0
  /** Commits up to here are on the disk. */
  #synced = 0

  constructor(name: string, options: IndexedDbStorageOptions) {
    this.#remedy = `Call deleteLearningStore('indexeddb:${name}') to start anew.`
    this.#lockName = lockName(name)
    this.name = storageName(name)
    this.#options = options
    this.#database = new Database(databaseName(name))
  }

  async open({ lockTimeoutMs }: OpenOptions): Promise<StoredState> {
    checkPlatform(this.name)
    try {
      return await coded(`open ${this.name}`, async () => {
        const onBlocked = (): void => tell(this.#options.onBlocked, undefined)
        this.#lease = await IndexedDbLease.acquire(this.#database, this.#lockName, lockTimeoutMs, onBlocked)
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
    const entries = Array.from(chunksOf(bytes, MOST_LOG_BYTES), ([i, chunk]): [IDBValidKey, unknown] => [
      logKey(this.#segment, first, i),
      chunk,
    ])
    // Only a transaction that writes brings to the disk what was written before it.
    if (records.length === 0) entries.splice(0, 1, [LEASE, lease.record])
    await coded(`append ${bytes.length} bytes to the log of ${this.name}`, async () => {
      await this.#beforeChange('append')
      await setMany(entries, lease.use(durability))
    })
    this.#last = lastSequence(records) ?? this.#last
    if (durability === 'strict') this.#synced = this.#last
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const lease = this.#claimed()
    const bytes = snapshot.bytes.slice()
    const { storeId, sequence } = snapshot
    const generation = this.#segment.generation + 1
    this.#segment = { generation, epoch: lease.record.epoch, after: sequence }
    this.#last = sequence
    await coded(`write a snapshot of ${bytes.length} bytes of ${this.name}`, async () => {
      const head = await manifestOf({ bytes, sequence, storeId }, generation, lease.record.epoch)
      const previous = this.#head
      await writeSnapshot(lease.use('strict'), previous, head, bytes, this.#beforeChange)
      this.#head = head
      this.#synced = Math.max(this.#synced, sequence)
      await this.#beforeChange('remove')
      await removeRanges(lease.use('relaxed'), rangesOutside(previous, head))
      await this.#beforeChange('storeMarker')
      await this.#remember(lease, head)
    })
  }

  rest(): void {
    this.#database.close()
  }

  async close(): Promise<void> {
    const lease = this.#lease
    this.#lease = undefined
    try {
      if (lease && this.#head) await this.#remember(lease, this.#head)
    } catch {
      // Another writer has taken over and remembers what it does, or the next opening says what is lost.
    } finally {
      this.#database.close()
      await lease?.release()
    }
  }

  readonly #beforeChange = async (change: IndexedDbChange): Promise<void> => {
    await this.#options.beforeChange?.(change)
  }

  async #load(lease: IndexedDbLease): Promise<StoredState> {
    const { keys, record } = lease
    const { storeMarkers, notes } = await recall(this.name, this.#options.expectedStore)
    this.#segment = { generation: newestGeneration(keys), epoch: record.epoch, after: 0 }
    const use = lease.use('relaxed')
    const [heads, segments] = [await loadManifests(use, keys), await loadSegments(use, keys)]
    const found = { heads, segments, read: (head: Manifest) => loadSnapshot(use, keys, head) }
    const recovery = await recoverWithStoreMarker(found, storeMarkers, this.#remedy)
    if (!recovery) return { ...EMPTY, notes }
    // One that is damaged stays until the next stands: what the browser cannot read today it may read tomorrow.
    this.#head = recovery.head
    // The lease was written strictly, after all that was found.
    this.#last = this.#synced = lastOf(recovery)
    this.#segment = { ...this.#segment, after: this.#last }
    const kept = keptOf(recovery)
    return { ...kept, notes: [...kept.notes, ...notes] }
  }

  /** Only by the one who may write: what a sleeper remembers is no longer so. */
  async #remember(lease: IndexedDbLease, { storeId }: Manifest): Promise<void> {
    await get(LEASE, lease.use('relaxed'))
    const storeMarker = { storeId, sequence: this.#synced }
    await remember(this.name, storeMarker)
    tell(this.#options.onStoreMarker, storeMarker)
  }

  #claimed(): IndexedDbLease {
    if (!this.#lease) throw new StoreError('CLOSED', 'Expected an open storage, got one that was closed')
    return this.#lease
  }
}
