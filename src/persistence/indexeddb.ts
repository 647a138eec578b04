import { delMany, get, promisifyRequest, setMany } from 'idb-keyval'
import { StoreError } from '../errors.ts'
import { concatenated, lastSequence } from './frame.ts'
import { IndexedDbClaim } from './indexeddb-claim.ts'
import { checkPlatform, coded } from './indexeddb-errors.ts'
import { CLAIM, headKey, logKey, type NamedSegment, newestGeneration, rangesOutside } from './indexeddb-keys.ts'
import { loadHeads, loadSegments, loadSnapshot } from './indexeddb-load.ts'
import { acquireLock } from './indexeddb-lock.ts'
import { forget, type Recalled, recall, remember } from './indexeddb-sentinel.ts'
import { chunksOf, removeRanges, writeSnapshot } from './indexeddb-snapshot.ts'
import { Database } from './indexeddb-store.ts'
import type { Durability, Keeps, Kept, OpenOptions, Place, Snapshot } from './place.ts'
import { EMPTY, gap, type Head, headOf, keptOf, placeLost, recover, type Sentinel } from './recovery.ts'

/** A change that a place makes in the browser's storage; named so that a test can stop before it. */
export type IndexedDbChange = 'append' | 'snapshot' | 'head' | 'remove' | 'sentinel' | 'set aside'

export interface IndexedDbPlaceOptions {
  /** What the caller was last told to remember, where it still knows: an empty place is then PLACE_LOST, not a new store. */
  readonly remembered?: Sentinel | undefined
  /** Called after each snapshot and at the end with what the caller should remember apart from IndexedDB. */
  readonly onRemember?: ((sentinel: Sentinel) => void) | undefined
  /** Called once when another page or worker is seen to hold the place, before it is waited for. */
  readonly onBlocked?: (() => void) | undefined
  /** Called before each change, which waits for it. What it throws, the change throws. */
  readonly beforeChange?: ((change: IndexedDbChange) => void | Promise<void>) | undefined
}

export interface IndexedDbPlace extends Place {
  /**
   * Closes the connection to the database when its transactions have ended; the next use opens another. The claim stays.
   */
  rest(): void
}

/** Chromium keeps values above 64 KiB in files that the strict transaction of a later record does not sync. */
const MOST_LOG_BYTES = 32 * 1024
/** As long as an opening waits unless told otherwise; a lock passes on up to 350 ms after its holder died. */
const DELETE_WAIT_MS = 2_000

/**
 * A place that is a database of the browser, of one object store: the records of the log, the parts and heads of two
 * snapshots, and the claim, which every transaction that writes reads first. `open` also rejects with UNSUPPORTED.
 */
export function indexedDbPlace(name: string, options: IndexedDbPlaceOptions = {}): IndexedDbPlace {
  return new DatabasePlace(name, options)
}

/**
 * Removes a place and all that is remembered of it but by the caller: it can be opened as a new one afterwards. Rejects
 * with LOCKED after `waitMs` while a writer holds it, UNSUPPORTED, STORAGE_FAILED.
 */
export async function deleteIndexedDbPlace(name: string, waitMs: number = DELETE_WAIT_MS): Promise<void> {
  const place = placeName(name)
  checkPlatform(place)
  const lock = await acquireLock(databaseName(place), waitMs)
  try {
    await coded(`delete ${place}`, async () => {
      await forget(place)
      await promisifyRequest(indexedDB.deleteDatabase(databaseName(name)))
    })
  } finally {
    await lock.release()
  }
}

class DatabasePlace implements IndexedDbPlace {
  readonly name: string
  readonly keeps: Keeps = 'log'
  readonly #title: string
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
    this.#title = name
    this.name = placeName(name)
    this.#options = options
    this.#database = new Database(databaseName(name))
  }

  async open({ waitMs }: OpenOptions): Promise<Kept> {
    checkPlatform(this.name)
    try {
      return await coded(`open ${this.name}`, async () => {
        const { onBlocked } = this.#options
        this.#claim = await IndexedDbClaim.acquire(this.#database, databaseName(this.name), waitMs, onBlocked)
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
    const entries = chunksOf(bytes, MOST_LOG_BYTES).map((chunk, i): [IDBValidKey, unknown] => [
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
    const use = claim.use('relaxed')
    const heads = await loadHeads(use, keys)
    const segments = await loadSegments(use, keys)
    const recalled = await recall(this.name, this.#options.remembered)
    this.#segment = { generation: newestGeneration(keys), epoch: record.epoch, after: 0 }
    if (heads.length === 0) return this.#withoutHead(recalled, segments.length > 0)
    // No other program edits a database of the browser.
    const recovery = await recover(
      heads,
      segments,
      (head) => loadSnapshot(use, keys, head),
      () => 'damaged',
    )
    const { head, commits, damaged } = recovery
    const last = commits.at(-1)?.sequence ?? head.sequence
    for (const { storeId, sequence } of recalled.sentinels) {
      if (storeId === head.storeId && sequence > last) throw gap(last + 1, sequence)
    }
    if (damaged.length > 0) {
      await this.#beforeChange('set aside')
      await delMany(
        damaged.map((bad) => headKey(bad, bad.sequence)),
        use,
      )
    }
    this.#head = head
    this.#segment = { ...this.#segment, after: last }
    // The claim was written strictly, after all that was found.
    this.#last = this.#synced = last
    const kept = keptOf(recovery)
    return { ...kept, notes: [...kept.notes, ...recalled.notes] }
  }

  /** Nothing was ever kept here, or all of it is gone. */
  #withoutHead({ sentinels, notes }: Recalled, hasLog: boolean): Kept {
    const remedy = `Call deleteIndexedDbPlace('${this.#title}') to start anew.`
    if (hasLog) {
      throw new StoreError(
        'DAMAGED_SNAPSHOT',
        `Expected a snapshot before the log in ${this.name}, got none. ${remedy}`,
      )
    }
    const [known] = sentinels.toSorted((a, b) => b.sequence - a.sequence)
    if (known) throw placeLost(known, remedy)
    return { ...EMPTY, notes }
  }

  /** Only by the one who may write: what a sleeper remembers is no longer so. */
  async #remember(claim: IndexedDbClaim, { storeId }: Head): Promise<void> {
    await get(CLAIM, claim.use('relaxed'))
    const sentinel = { storeId, sequence: this.#synced }
    await remember(this.name, sentinel)
    this.#options.onRemember?.(sentinel)
  }

  #claimed(): IndexedDbClaim {
    if (!this.#claim) throw new StoreError('CLOSED', 'Expected an open place, got one that was closed')
    return this.#claim
  }
}

function placeName(name: string): string {
  return `indexeddb:${name}`
}

/** `learning-store:NAME` is the database of a name, `learning-store:indexeddb:NAME` the lock of a place. */
function databaseName(name: string): string {
  return `learning-store:${name}`
}
