import { StoreError } from '../../errors.ts'
import { EMPTY, manifestOf } from '../log/recovery.ts'
import type { OpenOptions, Snapshot, StorageAdapter, StoredState } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { Timer } from '../timer.ts'
import { type ChunkedManifest, type KeyedBytes, SnapshotChunks } from './chunks.ts'

export interface SnapshotStorageOptions {
  /** The name of the storage in messages and `status()`. */
  readonly name: string
  /** The prefix of all keys. */
  readonly prefix: string
  readonly maxChunkBytes: number
}

/**
 * The number of its own manifests that a storage recognizes, however late they become visible: some minutes of them.
 */
const MAX_KNOWN = 1_000

/** The pause before looking again for chunks that are not visible yet, in ms. */
const LOOK_AGAIN_MS = 100

/**
 * Persists snapshots in a key-value store that shows writes late and has no transactions. The previous snapshot stays
 * until the next one is complete. There is no lease: the caller must ensure that there is one writer. What another
 * writer has written is detected before a snapshot if it is visible by then (LEASE_LOST). Two writers at the same
 * moment are not detected, and the last one wins; but a snapshot is always that of one writer, never a mixture.
 */
export class SnapshotStorage implements StorageAdapter {
  readonly name: string
  readonly persists: 'snapshots' = 'snapshots'
  readonly #chunks: SnapshotChunks
  /** The manifests of the slots, as far as they are known. */
  readonly #manifests: (ChunkedManifest | undefined)[] = [undefined, undefined]
  /** The slot whose snapshot is known to be complete. */
  #newest: number | undefined
  /** The newest generation seen when the storage was opened; the newest seen or tried since. */
  #opened = 0
  #generation = 0
  /**
   * The hashes of generations seen or tried: any other snapshot that is newer than the opened one is another writer's.
   */
  readonly #knownHashes: Map<number, string> = new Map()
  /** A newer snapshot than the opened one, which was not completely visible then. */
  #skipped: ChunkedManifest | undefined
  #isOpen = false
  /** Keys of chunks to be removed; complete after the first snapshot. */
  #stale: string[] = []
  #isSwept = false

  constructor(bytes: KeyedBytes, { name, prefix, maxChunkBytes }: SnapshotStorageOptions) {
    this.name = name
    this.#chunks = new SnapshotChunks(bytes, prefix, maxChunkBytes)
  }

  /**
   * Waits up to `lockTimeoutMs` for a snapshot that is not completely visible, then falls back to the one before it.
   */
  async open({ lockTimeoutMs }: OpenOptions): Promise<StoredState> {
    const stored = await this.#coded('open', () => this.#load(lockTimeoutMs))
    this.#isOpen = true
    return stored
  }

  /** @throws UNSUPPORTED always: this storage has no log */
  async append(): Promise<void> {
    throw new StoreError('UNSUPPORTED', `${this.name} has no log: it persists snapshots only`)
  }

  async replace(snapshot: Snapshot): Promise<void> {
    if (!this.#isOpen) throw new StoreError('CLOSED', 'The storage is closed')
    await this.#coded(`write a snapshot of ${snapshot.bytes.length} bytes of`, async () => {
      const bytes = snapshot.bytes.slice()
      await this.#checkOtherWriters(snapshot.storeId)
      this.#stale = await this.#chunks.remove(this.#stale)
      const generation = this.#generation + 1
      const manifest = this.#chunks.chunked(await manifestOf({ ...snapshot, bytes }, generation, 0), bytes)
      this.#generation = generation
      this.#knownHashes.set(generation, manifest.sha256)
      this.#knownHashes.delete(generation - MAX_KNOWN)
      const keys = this.#chunks.keysOf(manifest)
      // The chunks are stale until the manifest is written, and if that is not certain.
      this.#stale.push(...keys)
      await this.#chunks.writeChunks(manifest, bytes)
      // A writer that gave up waiting may have opened the storage again.
      if (!this.#isOpen) throw new StoreError('CLOSED', 'The storage was closed meanwhile')
      const slot = this.#newest === 0 ? 1 : 0
      await this.#chunks.writeManifest(slot, manifest)
      await this.#settle(slot, manifest)
    })
  }

  async close(): Promise<void> {
    this.#isOpen = false
  }

  async #load(lockTimeoutMs: number): Promise<StoredState> {
    for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
      this.#skipped = undefined
      const slots = await this.#chunks.manifests()
      const isEmpty = slots.every((slot) => slot === undefined)
      // A writer that died while creating the store has left chunks of the first snapshot only.
      if (isEmpty && (await this.#chunks.newestChunks()) <= 1) return EMPTY
      const manifests = slots.filter((slot) => typeof slot === 'object').sort((a, b) => b.generation - a.generation)
      const notes = slots.includes('torn') ? ['The manifest of a snapshot is damaged and was ignored.'] : []
      let [mayArrive, isDamaged] = [isEmpty && waitedMs < lockTimeoutMs, slots.includes('torn')]
      for (const manifest of manifests) {
        const snapshot = await this.#chunks.read(manifest)
        if (typeof snapshot !== 'string') {
          this.#adopt(slots.indexOf(manifest), manifests, slots)
          return { snapshot, sequence: manifest.sequence, commits: [], wantsSnapshot: false, isWhole: true, notes }
        }
        mayArrive = snapshot === 'missing' && waitedMs < lockTimeoutMs
        if (mayArrive) break
        if (snapshot === 'missing') this.#skipped ??= manifest
        else isDamaged = true
        const found = snapshot === 'missing' ? 'missing, or not visible here yet' : snapshot
        notes.push(
          `Snapshot ${manifest.generation} (commit ${manifest.sequence}) is ${found}; the one before it was opened.`,
        )
      }
      if (!mayArrive) throw this.#incomplete(isDamaged)
      await new Timer().pause(LOOK_AGAIN_MS)
    }
  }

  /** Late manifests, too, can name chunks that are not there: they were removed since. */
  #incomplete(isDamaged: boolean): StoreError {
    if (isDamaged) {
      const finding = `All snapshots of ${this.name} are damaged or missing`
      return new StoreError('CORRUPT_SNAPSHOT', `${finding}. Restore a backup.`)
    }
    const finding = `No snapshot of ${this.name} is completely visible here`
    return new StoreError('STORAGE_ERROR', `${finding}: writes are delayed, or chunks were removed. Retry in a minute.`)
  }

  #adopt(
    newest: number,
    manifests: readonly ChunkedManifest[],
    slots: readonly (ChunkedManifest | 'torn' | undefined)[],
  ): void {
    this.#newest = newest
    this.#opened = this.#generation = Math.max(...manifests.map(({ generation }) => generation))
    for (const { generation, sha256 } of manifests) this.#knownHashes.set(generation, sha256)
    for (const [i, slot] of slots.entries()) this.#manifests[i] = typeof slot === 'object' ? slot : undefined
  }

  /**
   * @throws LEASE_LOST if a visible snapshot is of another store, or is another writer's and no older than the opened
   * one, or became visible since
   */
  async #checkOtherWriters(storeId: string): Promise<void> {
    const oldest = Math.max(this.#opened, this.#generation - MAX_KNOWN + 1)
    for (const manifest of await this.#chunks.manifests()) {
      if (typeof manifest !== 'object' || this.#knownHashes.get(manifest.generation) === manifest.sha256) continue
      if (manifest.generation >= oldest || manifest.storeId !== storeId) throw this.#leaseLost(manifest)
    }
    const late = this.#skipped
    if (late && typeof (await this.#chunks.read(late)) !== 'string') throw this.#leaseLost(late)
  }

  #leaseLost({ generation, sequence }: ChunkedManifest): StoreError {
    const found = `Another writer has written snapshot ${generation} (commit ${sequence}) of ${this.name}`
    return new StoreError('LEASE_LOST', `${found}. Open the store again, with one writer at a time.`)
  }

  /**
   * Records a written snapshot, and removes what neither it nor the previous one needs, as far as the storage allows.
   */
  async #settle(slot: number, manifest: ChunkedManifest): Promise<void> {
    const older = this.#manifests[slot]
    this.#manifests[slot] = manifest
    this.#newest = slot
    this.#skipped = undefined
    const needed = this.#manifests.flatMap((one) => (one ? this.#chunks.keysOf(one) : []))
    const stale = [...this.#stale, ...(older ? this.#chunks.keysOf(older) : [])]
    // Dead writers may have left chunks.
    if (!this.#isSwept) stale.push(...(await this.#chunks.keysBefore(manifest.generation, needed).catch(() => [])))
    this.#isSwept = true
    this.#stale = await this.#chunks.remove([...new Set(stale)].filter((key) => !needed.includes(key)))
  }

  async #coded<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      throw storageError(cause, `${action} ${this.name}`)
    }
  }
}
