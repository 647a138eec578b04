import type { StoreError } from '../../errors.ts'
import { closeWithin, unstoredError } from '../closing.ts'
import { isLoss, type Persister, type PersisterOptions, type PersisterStatus } from '../persister.ts'
import type { Durability, Snapshot, StorageAdapter } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { FAILURES_BEFORE_REJECTING, LONGEST_PAUSE_MS, pauseAfter, Timer } from '../timer.ts'
import { Waiters } from '../waiters.ts'
import { checkSize, estimatedBytes, type RecordedCommit, RecordWriter } from './record.ts'

export type { PersisterOptions, PersisterStatus }

/** The pending bytes from which callers of a relaxed store wait: a few milliseconds of learning. */
const MAX_PENDING_BYTES = 64 * 1024
/** Relaxed appends are synced at least this often, so that a power cut loses no more than the last seconds. */
const SYNC_EVERY_MS = 1_000

/**
 * Appends commits to a log: one append at a time, which takes everything that is pending, and a snapshot once the log
 * has outgrown the last one. With c the growth of the database per byte of log, at most 5 + c bytes are written per
 * byte of log while the store is open: the log itself and a snapshot of at most 4 + c. Closing adds at most one more.
 */
export class LogPersister implements Persister {
  readonly #storage: StorageAdapter
  readonly #options: PersisterOptions
  #writer = new RecordWriter()
  #pending: RecordedCommit[] = []
  #pendingBytes = 0
  /** The last commit that was queued, appended, synced, and that must be synced. */
  #last: number
  #appended: number
  #synced: number
  #toSync = 0
  readonly #durableWaiters = new Waiters<{ readonly sequence: number; readonly synced: boolean }>()
  readonly #snapshotWaiters = new Waiters<undefined>()
  #snapshotRequested = false
  #logBytes: number
  #snapshotBytes: number
  #running: Promise<void> | undefined
  #replacing: Promise<void> | undefined
  #appendError: StoreError | undefined
  #snapshotError: StoreError | undefined
  #closing = false
  readonly #idle = new Timer()
  readonly #sync = new Timer()
  readonly #snapshotRetry = new Timer()
  readonly #appendRetry = new Timer()
  readonly #grouping = new Timer()

  /** @param stored what the storage held when it was opened */
  constructor(
    storage: StorageAdapter,
    stored: { sequence: number; logBytes: number; snapshotBytes: number },
    options: PersisterOptions,
  ) {
    this.#storage = storage
    this.#options = options
    this.#last = this.#appended = this.#synced = stored.sequence
    this.#logBytes = stored.logBytes
    this.#snapshotBytes = stored.snapshotBytes
  }

  get status(): PersisterStatus {
    const error = this.#appendError ?? this.#snapshotError
    const busy = this.#running !== undefined || this.#replacing !== undefined
    return {
      state: this.#lost ? 'lost' : error ? 'failing' : busy ? 'saving' : 'clean',
      reason: error?.message,
      durableSequence: this.durableSequence(this.#options.durability),
      logBytes: this.#logBytes,
      snapshotBytes: this.#snapshotBytes,
      pendingBytes: this.#pendingBytes,
    }
  }

  durableSequence(durability: Durability): number {
    return durability === 'strict' ? this.#synced : this.#appended
  }

  checkWritable(statements: RecordedCommit['statements']): void {
    checkSize(statements)
    if (this.#appendError && (this.#lost || this.#pendingBytes > this.#options.maxPendingBytes)) throw this.#appendError
  }

  /** Appends the commit when the append before it has ended. */
  commit(commit: RecordedCommit): void {
    this.#pending.push(commit)
    this.#pendingBytes += estimatedBytes(commit)
    this.#last = commit.sequence
    this.#idle.clear()
    this.#start()
  }

  async whenDurable(synced: boolean = this.#options.durability === 'strict'): Promise<void> {
    if (this.#lost) throw this.#appendError
    const sequence = this.#last
    if ((synced ? this.#synced : this.#appended) >= sequence) return
    if (synced) this.#toSync = sequence
    const waiting = this.#durableWaiters.wait({ sequence, synced })
    this.#grouping.clear()
    this.#start()
    await waiting
  }

  /** Without this pause, a caller that awaits one operation after another would never let an append run. */
  async whenWritable(): Promise<void> {
    if (this.#pendingBytes > MAX_PENDING_BYTES && !this.#appendError) await this.whenDurable(false).catch(() => {})
  }

  async snapshot(): Promise<void> {
    if (this.#lost) throw this.#appendError
    this.#snapshotRequested = true
    const waiting = this.#snapshotWaiters.wait(undefined)
    this.#grouping.clear()
    this.#start()
    await waiting
  }

  /** Writes a last snapshot if the log has grown. */
  async close(): Promise<void> {
    await closeWithin(this.#storage, this.#options.closeTimeoutMs, {
      settle: async () => {
        await this.whenDurable(true)
        if (this.#logBytes > 0) await this.snapshot()
      },
      end: async () => {
        this.#closing = true
        const timers = [this.#idle, this.#sync, this.#snapshotRetry, this.#appendRetry, this.#grouping]
        for (const timer of timers) timer.clear()
        await this.#running
        await this.#replacing
      },
      abandon: () => this.#rejectAll(unstoredError()),
    })
  }

  get #lost(): boolean {
    return isLoss(this.#appendError)
  }

  #hasWork(): boolean {
    if (this.#closing || this.#lost) return false
    return this.#pending.length > 0 || this.#toSync > this.#synced || this.#isSnapshotDue
  }

  #start(): void {
    if (!this.#hasWork() || this.#running !== undefined) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      this.#start()
    })
    this.#options.background?.(this.#running)
  }

  async #run(): Promise<void> {
    // The commits of one tick share an append.
    await Promise.resolve()
    while (this.#hasWork()) {
      if (this.#mayGroup) await this.#grouping.pause(this.#options.groupCommitMs ?? 0)
      const image = this.#dueSnapshot()
      const batch = this.#pending
      this.#pending = []
      const stored = await this.#append(batch)
      if (!stored) this.#pending = [...batch, ...this.#pending]
      if (!stored || !image) continue
      this.#replacing = this.#replace(image)
      this.#options.background?.(this.#replacing)
    }
    this.#setTimers()
  }

  /** An append that no caller awaits may be delayed to take more commits: each costs as much as many operations. */
  get #mayGroup(): boolean {
    const isAwaited = !this.#durableWaiters.isEmpty || !this.#snapshotWaiters.isEmpty || this.#toSync > this.#synced
    return this.#options.groupCommitMs !== undefined && !isAwaited && !this.#snapshotRequested
  }

  #dueSnapshot(): Snapshot | undefined {
    if (!this.#isSnapshotDue) return undefined
    this.#snapshotRequested = false
    try {
      return this.#options.snapshot()
    } catch (cause) {
      this.#snapshotFailed(storageError(cause), this.#snapshotWaiters.take())
      return undefined
    }
  }

  /** Appends until it succeeds. Returns false if the lease or the storage is lost, or the store closes. */
  async #append(batch: readonly RecordedCommit[]): Promise<boolean> {
    // Until a sync the system may write appends in any order, so all of them count as one write.
    const first = this.#synced + 1
    let records: readonly Uint8Array[] | undefined
    for (let failures = 0; ; ) {
      const strict = this.#options.durability === 'strict' || this.#toSync > this.#synced
      try {
        records ??= this.#encode(batch, first)
        await this.#storage.append(records, strict ? 'strict' : 'relaxed')
        this.#appendError = undefined
        this.#appended = batch.at(-1)?.sequence ?? this.#appended
        if (strict) this.#synced = this.#appended
        this.#logBytes += records.reduce((sum, record) => sum + record.length, 0)
        this.#pendingBytes -= batch.reduce((sum, commit) => sum + estimatedBytes(commit), 0)
        this.#resolveDurable()
        return true
      } catch (cause) {
        failures++
        this.#appendError = storageError(cause)
        if (failures >= FAILURES_BEFORE_REJECTING || this.#lost) this.#rejectAll(this.#appendError)
        if (this.#lost || this.#closing) return false
        await this.#appendRetry.pause(pauseAfter(failures))
        if (this.#closing) return false
      }
    }
  }

  #encode(batch: readonly RecordedCommit[], first: number): Uint8Array[] {
    try {
      return batch.map((commit) => this.#writer.encode(commit, first))
    } catch (error) {
      // It has numbered statements whose text is in no record.
      this.#writer = new RecordWriter()
      throw error
    }
  }

  async #replace(image: Snapshot): Promise<void> {
    const before = this.#logBytes
    const waiters = this.#snapshotWaiters.take()
    this.#logBytes = 0
    this.#writer = new RecordWriter()
    try {
      await this.#storage.replace(image)
      this.#snapshotError = undefined
      this.#snapshotBytes = image.bytes.length
      this.#synced = Math.max(this.#synced, image.sequence)
      this.#resolveDurable()
      waiters.resolve(() => true)
    } catch (cause) {
      this.#logBytes += before
      this.#snapshotFailed(storageError(cause), waiters)
    } finally {
      this.#replacing = undefined
      this.#start()
    }
  }

  #snapshotFailed(error: StoreError, waiters: Waiters<undefined>): void {
    this.#snapshotError = error
    if (isLoss(error)) {
      this.#appendError = error
      this.#rejectAll(error)
    }
    waiters.reject(error)
    if (!this.#closing) this.#snapshotRetry.set(LONGEST_PAUSE_MS, () => this.#requestSnapshot())
  }

  /**
   * Requested, or the log has outgrown the last snapshot; if snapshots fail, once per pause and not once per commit.
   */
  get #isSnapshotDue(): boolean {
    const isOutgrown = this.#logBytes >= this.#dueAt && !this.#snapshotError
    return this.#replacing === undefined && (this.#snapshotRequested || isOutgrown)
  }

  /** The size of the log from which a snapshot is due. */
  get #dueAt(): number {
    return Math.max(this.#options.snapshotAfterLogBytes, this.#snapshotBytes)
  }

  #setTimers(): void {
    if (this.#closing || this.#lost) return
    this.#idle.clear()
    if (this.#logBytes >= this.#dueAt / 4)
      this.#idle.set(this.#options.snapshotAfterIdleMs, () => this.#requestSnapshot())
    if (this.#synced >= this.#appended) this.#sync.clear()
    // Set again at every commit, it would never fire while commits keep coming.
    if (this.#synced >= this.#appended || this.#sync.isSet) return
    this.#sync.set(SYNC_EVERY_MS, () => {
      this.#toSync = Math.max(this.#toSync, this.#appended)
      this.#start()
    })
  }

  #requestSnapshot(): void {
    this.#snapshotRequested = true
    this.#start()
  }

  #resolveDurable(): void {
    this.#durableWaiters.resolve(({ sequence, synced }) => sequence <= (synced ? this.#synced : this.#appended))
  }

  #rejectAll(error: StoreError): void {
    this.#durableWaiters.reject(error)
    this.#snapshotWaiters.reject(error)
  }
}
