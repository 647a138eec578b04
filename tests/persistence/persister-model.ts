import { LogPersister, type PersisterOptions } from '../../src/persistence/log/log-persister.ts'
import type { RecordedValue } from '../../src/persistence/log/record.ts'
import { MemoryMedium, memoryStorage } from '../../src/persistence/memory/memory-storage.ts'
import type {
  Durability,
  OpenOptions,
  Persists,
  Snapshot,
  StorageAdapter,
  StoredState,
} from '../../src/persistence/storage.ts'
import { Model, Session } from './session.ts'
import type { Gate } from './storage-under-test.ts'

/** A storage that counts what is written to it, and holds appends and snapshots up when told to. */
export class WatchedStorage implements StorageAdapter {
  readonly name = 'watched:'
  readonly persists: Persists = 'log'
  readonly #storage: StorageAdapter
  readonly appends: { readonly records: number; readonly durability: Durability }[] = []
  readonly snapshots: number[] = []
  recordBytes: number = 0
  snapshotBytes: number = 0
  appendGate: Gate | undefined
  replaceGate: Gate | undefined

  constructor(storage: StorageAdapter) {
    this.#storage = storage
  }

  open(options: OpenOptions): Promise<StoredState> {
    return this.#storage.open(options)
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    await this.appendGate?.opened
    await this.#storage.append(records, durability)
    this.appends.push({ records: records.length, durability })
    this.recordBytes += records.reduce((sum, { length }) => sum + length, 0)
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const replacing = this.#storage.replace(snapshot)
    await Promise.allSettled([replacing, this.replaceGate?.opened])
    await replacing
    this.snapshots.push(snapshot.sequence)
    this.snapshotBytes += snapshot.bytes.length
  }

  close(): Promise<void> {
    return this.#storage.close()
  }
}

/** A model that a persister keeps on a medium, whose changes can be made to fail. */
export class PersisterModel {
  readonly medium: MemoryMedium = new MemoryMedium()
  readonly storage: WatchedStorage = new WatchedStorage(memoryStorage(this.medium))
  readonly model: Model = new Model()
  readonly persister: LogPersister
  /** Changes that fail, as the medium names them. */
  readonly failing: Set<string> = new Set()
  /** How often each change was tried. */
  readonly tried: Map<string, number> = new Map()

  private constructor(options: Partial<PersisterOptions>) {
    this.medium.beforeChange = (change) => {
      this.tried.set(change, (this.tried.get(change) ?? 0) + 1)
      if (this.failing.has(change)) throw new Error(`No ${change} today`)
    }
    const defaults = {
      durability: 'relaxed',
      snapshotAfterLogBytes: 1e6,
      snapshotAfterIdleMs: 2_000,
      maxPendingBytes: 1e6,
    } as const
    const snapshot = (): Snapshot => this.model.toSnapshot()
    const state = { sequence: 0, logBytes: 0, snapshotBytes: 0 }
    this.persister = new LogPersister(this.storage, state, { ...defaults, snapshot, ...options })
  }

  static async open(options: Partial<PersisterOptions> = {}): Promise<PersisterModel> {
    const opened = new PersisterModel(options)
    const { storage, model } = opened
    await storage.open({ lockTimeoutMs: 0, classify: () => 'damaged' })
    await storage.replace(model.toSnapshot())
    storage.snapshots.length = 0
    storage.snapshotBytes = 0
    opened.tried.clear()
    return opened
  }

  readonly commit = (...values: readonly RecordedValue[]): void => {
    for (const value of values) {
      const commit = { sequence: this.model.sequence + 1, statements: [{ sql: 'ADD', values: [value] }] }
      this.model.apply(commit)
      this.persister.commit(commit)
    }
  }

  /** What is found when this writer dies now. */
  readonly found = async (): Promise<readonly string[]> => {
    this.medium.releaseLease()
    return (await Session.open(memoryStorage(this.medium))).items
  }
}

/** A test that waits for what never comes must end. */
const GIVE_UP_MS = 30_000

/** Lets everything run that is on its way until it is true. The fake clock of the timers stands still. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`Expected to come true: ${isTrue}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Lets everything run that is on its way, without the clock. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
}
