import { get, setMany } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import { chunksOf, concatenated, lastSequence } from '../log/frame.ts'
import { EMPTY, type Head, headOf, keptOf } from '../log/recovery.ts'
import { lastOf, recoverRemembered } from '../log/recovery-with-store-marker.ts'
import { tell } from '../notify.ts'
import type { Durability, Keeps, Kept, OpenOptions, Snapshot } from '../storage.ts'
import { Database } from './database.ts'
import { checkPlatform, coded } from './errors.ts'
import { CLAIM, logKey, type NamedSegment, newestGeneration, rangesOutside } from './keys.ts'
import { IndexedDbClaim } from './lease.ts'
import { loadHeads, loadSegments, loadSnapshot } from './load.ts'
import { databaseName, lockName, placeName } from './names.ts'
import type { IndexedDbChange, IndexedDbPlace, IndexedDbPlaceOptions } from './options.ts'
import { removeRanges, writeSnapshot } from './snapshot.ts'
import { recall, remember } from './store-marker.ts'

/** Chromium keeps values above 64 KiB in files that the strict transaction of a later record does not sync. */
const MOST_LOG_BYTES = 32 * 1024

export class DatabasePlace implements IndexedDbPlace {
  readonly name: string
  readonly keeps: Keeps = 'log'
  readonly #remedy: string
  readonly #lockName: string
  readonly #options: IndexedDbPlaceOptions
  readonly #database: Database
  #claim: IndexedDbClaim | undefined
  /** The head of the newest snapshot that stands. */
  #head: Head | undefined
  #segment: NamedSegment = { generation: 0, epoch: 0, after: 0 }
  #last = 0
  /** Commits up to here are on the disk. */
  #synced = 0

  constructor(name: string, options: IndexedDbPlaceOptions) {
    this.#remedy = `Call deleteLearningStore('indexeddb:${name}') to start anew.`
    this.#lockName = lockName(name)
    this.name = placeName(name)
    this.#options = options
    this.#database = new Database(databaseName(name))
  }

  async open({ waitMs }: OpenOptions): Promise<Kept> {
    checkPlatform(this.name)
    try {
      return await coded(`open ${this.name}`, async () => {
        const onBlocked = (): void => tell(this.#options.onBlocked, undefined)
        this.#claim = await IndexedDbClaim.acquire(this.#database, this.#lockName, waitMs, onBlocked)
        return await this.#load(this.#claim)
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    const claim = this.#claimed()
    const bytes = concatenated(records)
    const first = lastSequence(records.slice(0, 1)) ?? 0
    const entries = Array.from(chunksOf(bytes, MOST_LOG_BYTES), ([i, chunk]): [IDBValidKey, unknown] => [
      logKey(this.#segment, first, i),
      chunk,
    ])
    // Only a transaction that writes brings to the disk what was written before it.
    if (records.length === 0) entries.splice(0, 1, [CLAIM, claim.record])
    await coded(`append ${bytes.length} bytes to the log of ${this.name}`, async () => {
      await this.#beforeChange('append')
      await setMany(entries, claim.use(durability))
    })
    this.#last = lastSequence(records) ?? this.#last
    if (durability === 'strict') this.#synced = this.#last
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const claim = this.#claimed()
    const bytes = snapshot.bytes.slice()
    const { storeId, sequence } = snapshot
    const generation = this.#segment.generation + 1
    this.#segment = { generation, epoch: claim.record.epoch, after: sequence }
    this.#last = sequence
    await coded(`write a snapshot of ${bytes.length} bytes of ${this.name}`, async () => {
      const head = await headOf({ bytes, sequence, storeId }, generation, claim.record.epoch)
      const previous = this.#head
      await writeSnapshot(claim.use('strict'), previous, head, bytes, this.#beforeChange)
      this.#head = head
      this.#synced = Math.max(this.#synced, sequence)
      await this.#beforeChange('remove')
      await removeRanges(claim.use('relaxed'), rangesOutside(previous, head))
      await this.#beforeChange('sentinel')
      await this.#remember(claim, head)
    })
  }

  rest(): void {
    this.#database.close()
  }

  async close(): Promise<void> {
    const claim = this.#claim
    this.#claim = undefined
    try {
      if (claim && this.#head) await this.#remember(claim, this.#head)
    } catch {
      // Another writer has taken over and remembers what it does, or the next opening says what is lost.
    } finally {
      this.#database.close()
      await claim?.release()
    }
  }

  readonly #beforeChange = async (change: IndexedDbChange): Promise<void> => {
    await this.#options.beforeChange?.(change)
  }

  async #load(claim: IndexedDbClaim): Promise<Kept> {
    const { keys, record } = claim
    const { sentinels, notes } = await recall(this.name, this.#options.remembered)
    this.#segment = { generation: newestGeneration(keys), epoch: record.epoch, after: 0 }
    const use = claim.use('relaxed')
    const [heads, segments] = [await loadHeads(use, keys), await loadSegments(use, keys)]
    const found = { heads, segments, read: (head: Head) => loadSnapshot(use, keys, head) }
    const recovery = await recoverRemembered(found, sentinels, this.#remedy)
    if (!recovery) return { ...EMPTY, notes }
    // One that is damaged stays until the next stands: what the browser cannot read today it may read tomorrow.
    this.#head = recovery.head
    // The claim was written strictly, after all that was found.
    this.#last = this.#synced = lastOf(recovery)
    this.#segment = { ...this.#segment, after: this.#last }
    const kept = keptOf(recovery)
    return { ...kept, notes: [...kept.notes, ...notes] }
  }

  /** Only by the one who may write: what a sleeper remembers is no longer so. */
  async #remember(claim: IndexedDbClaim, { storeId }: Head): Promise<void> {
    await get(CLAIM, claim.use('relaxed'))
    const sentinel = { storeId, sequence: this.#synced }
    await remember(this.name, sentinel)
    tell(this.#options.onRemember, sentinel)
  }

  #claimed(): IndexedDbClaim {
    if (!this.#claim) throw new StoreError('CLOSED', 'Expected an open place, got one that was closed')
    return this.#claim
  }
}
