import { StoreError } from '../../errors.ts'
import { EMPTY, manifestOf } from '../log/recovery.ts'
import type { OpenOptions, Snapshot, StorageAdapter, StoredState } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { Timer } from '../timer.ts'
import { type ChunkedManifest, type KeyedBytes, SnapshotChunks } from './chunks.ts'

export interface SnapshotStorageOptions {
  /** As messages and `status()` give it. */
  readonly name: string
  /** What all keys begin with. */
  readonly prefix: string
  readonly maxChunkBytes: number
}

/** So many of its own heads a storage knows again, however late it sees them: some minutes of them. */
const MOST_KNOWN = 1_000

/** How long to wait before parts that are not seen yet are looked for again, in ms. */
const LOOK_AGAIN_MS = 100

/**
 * A storage that keeps snapshots only, in a storage that shows changes late and knows no transactions. The previous snapshot
 * stays until the next stands. There is no lease: one writer at a time is the caller's task. What another has written is
 * noticed before a snapshot where the storage shows it by then (LEASE_LOST); two who write at the same moment are not
 * told apart, and the last one counts: but a snapshot is always one of them, never a mixture.
 */
export class SnapshotStorage implements StorageAdapter {
  readonly name: string
  readonly persists: 'snapshots' = 'snapshots'
  readonly #parts: SnapshotChunks
  /** The heads of the slots as far as we know them. */
  readonly #heads: (ChunkedManifest | undefined)[] = [undefined, undefined]
  /** The slot whose snapshot is known to be whole. */
  #newest: number | undefined
  /** Of the newest snapshot that was seen when it was opened; of the newest that was seen or tried. */
  #opened = 0
  #generation = 0
  /** The hashes of those that were seen or tried: what else is there that is newer than the opened one is another's. */
  readonly #known: Map<number, string> = new Map()
  /** A newer snapshot than the one that was opened, not all of which was seen then. */
  #passedOver: ChunkedManifest | undefined
  #isOpen = false
  /** Keys of parts to be removed; all are known after the first snapshot. */
  #stale: string[] = []
  #isSwept = false

  constructor(bytes: KeyedBytes, { name, prefix, maxChunkBytes }: SnapshotStorageOptions) {
    this.name = name
    this.#parts = new SnapshotChunks(bytes, prefix, maxChunkBytes)
  }

  /** Waits up to `lockTimeoutMs` for a snapshot of which not all parts are seen yet, then falls back on the one before it. */
  async open({ lockTimeoutMs }: OpenOptions): Promise<StoredState> {
    const kept = await this.#coded('open', () => this.#load(lockTimeoutMs))
    this.#isOpen = true
    return kept
  }

  /** @throws UNSUPPORTED always: what keeps a store here writes snapshots. */
  async append(): Promise<void> {
    throw new StoreError('UNSUPPORTED', `Expected a storage that keeps a log, but ${this.name} keeps snapshots only`)
  }

  async replace(snapshot: Snapshot): Promise<void> {
    if (!this.#isOpen) throw new StoreError('CLOSED', 'Expected an open storage, got one that was closed')
    await this.#coded(`write a snapshot of ${snapshot.bytes.length} bytes of`, async () => {
      const bytes = snapshot.bytes.slice()
      await this.#checkOthers(snapshot.storeId)
      this.#stale = await this.#parts.remove(this.#stale)
      const generation = this.#generation + 1
      const head = this.#parts.chunked(await manifestOf({ ...snapshot, bytes }, generation, 0), bytes)
      this.#generation = generation
      this.#known.set(generation, head.sha256)
      this.#known.delete(generation - MOST_KNOWN)
      const keys = this.#parts.keysOf(head)
      // Until the head stands, and where that is not known.
      this.#stale.push(...keys)
      await this.#parts.writeChunks(head, bytes)
      // A writer that did not want to wait for it may have opened the storage anew.
      if (!this.#isOpen) throw new StoreError('CLOSED', 'Expected an open storage, but it was closed meanwhile')
      const slot = this.#newest === 0 ? 1 : 0
      await this.#parts.writeManifest(slot, head)
      await this.#settle(slot, head)
    })
  }

  async close(): Promise<void> {
    this.#isOpen = false
  }

  async #load(lockTimeoutMs: number): Promise<StoredState> {
    for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
      this.#passedOver = undefined
      const slots = await this.#parts.heads()
      const isEmpty = slots.every((slot) => slot === undefined)
      // Who died while making the store has left parts of the first snapshot only.
      if (isEmpty && (await this.#parts.newestChunks()) <= 1) return EMPTY
      const heads = slots.filter((slot) => typeof slot === 'object').sort((a, b) => b.generation - a.generation)
      const notes = slots.includes('torn') ? ['A head of a snapshot is damaged and was set aside.'] : []
      let [mayArrive, isDamaged] = [isEmpty && waitedMs < lockTimeoutMs, slots.includes('torn')]
      for (const head of heads) {
        const snapshot = await this.#parts.read(head)
        if (typeof snapshot !== 'string') {
          this.#adopt(slots.indexOf(head), heads, slots)
          return { snapshot, sequence: head.sequence, commits: [], wantsSnapshot: false, isWhole: true, notes }
        }
        mayArrive = snapshot === 'missing' && waitedMs < lockTimeoutMs
        if (mayArrive) break
        if (snapshot === 'missing') this.#passedOver ??= head
        else isDamaged = true
        const found = snapshot === 'missing' ? 'missing, or not seen here yet' : snapshot
        notes.push(`Snapshot ${head.generation} (commit ${head.sequence}) is ${found}; the one before it was opened.`)
      }
      if (!mayArrive) throw this.#notWhole(isDamaged)
      await new Timer().pause(LOOK_AGAIN_MS)
    }
  }

  /** Heads that are seen late, too, lead to parts that are not there: they were removed since. */
  #notWhole(isDamaged: boolean): StoreError {
    const expected = `Expected a whole snapshot of ${this.name}`
    if (isDamaged) return new StoreError('CORRUPT_SNAPSHOT', `${expected}, but all are damaged or missing`)
    const got = 'but none is seen here whole: they are on their way, or their parts were removed'
    return new StoreError('STORAGE_ERROR', `${expected}, ${got}; open it again in a minute`)
  }

  #adopt(
    newest: number,
    heads: readonly ChunkedManifest[],
    slots: readonly (ChunkedManifest | 'torn' | undefined)[],
  ): void {
    this.#newest = newest
    this.#opened = this.#generation = Math.max(...heads.map(({ generation }) => generation))
    for (const { generation, sha256 } of heads) this.#known.set(generation, sha256)
    for (const [i, slot] of slots.entries()) this.#heads[i] = typeof slot === 'object' ? slot : undefined
  }

  /** @throws LEASE_LOST where a snapshot is seen that is of another store, or not ours and no older than what was opened; or has arrived since. */
  async #checkOthers(storeId: string): Promise<void> {
    const oldest = Math.max(this.#opened, this.#generation - MOST_KNOWN + 1)
    for (const head of await this.#parts.heads()) {
      if (typeof head !== 'object' || this.#known.get(head.generation) === head.sha256) continue
      if (head.generation >= oldest || head.storeId !== storeId) throw this.#leaseLost(head)
    }
    const late = this.#passedOver
    if (late && typeof (await this.#parts.read(late)) !== 'string') throw this.#leaseLost(late)
  }

  #leaseLost({ generation, sequence }: ChunkedManifest): StoreError {
    const found = `snapshot ${generation} (commit ${sequence}) of another writer`
    return new StoreError('LEASE_LOST', `Expected ${this.name} to have one writer, but found ${found}; open it again`)
  }

  /** The snapshot stands: what neither it nor the previous one needs is removed, as far as the storage lets. */
  async #settle(slot: number, head: ChunkedManifest): Promise<void> {
    const older = this.#heads[slot]
    this.#heads[slot] = head
    this.#newest = slot
    this.#passedOver = undefined
    const needed = this.#heads.flatMap((one) => (one ? this.#parts.keysOf(one) : []))
    const stale = [...this.#stale, ...(older ? this.#parts.keysOf(older) : [])]
    // What writers that died in the middle have left.
    if (!this.#isSwept) stale.push(...(await this.#parts.keysBefore(head.generation, needed).catch(() => [])))
    this.#isSwept = true
    this.#stale = await this.#parts.remove([...new Set(stale)].filter((key) => !needed.includes(key)))
  }

  async #coded<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      throw storageError(cause, `${what} ${this.name}`)
    }
  }
}
