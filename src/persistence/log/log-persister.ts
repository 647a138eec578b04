import { StoreError } from '../../errors.ts'
import { isLoss, type Persister, type PersisterOptions, type PersisterStatus } from '../persister.ts'
import type { Durability, Snapshot, StorageAdapter } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { LONGEST_PAUSE_MS, pauseAfter, Timer } from '../timer.ts'
import { Waiters } from '../waiters.ts'
import { checkSize, estimatedBytes, type RecordedCommit, RecordWriter } from './record.ts'

export type { PersisterOptions, PersisterStatus }

/** How much a relaxed store lets wait before callers wait too: a few milliseconds of learning. */
const MOST_WAITING_BYTES = 64 * 1024
/** Relaxed appends reach the disk at least this often, so that a power cut takes no more than the last seconds. */
const SYNC_EVERY_MS = 1_000
/** Who waits for something to be kept is told after so many failures; persistence it is tried on. */
const FAILURES_BEFORE_REJECTING = 3

/**
 * Brings commits to a storage: one append in flight, what waits meanwhile goes together in the next; a snapshot when the
 * log has outgrown the last one. With c the growth of the database per byte of log, the bytes written for each byte of
 * log are at most 5 + c while the store is open: the log itself and a snapshot of at most 4 + c; closing adds one more.
 */
export class LogPersister implements Persister {
  readonly #storage: StorageAdapter
  readonly #options: PersisterOptions
  #writer = new RecordWriter()
  #waiting: RecordedCommit[] = []
  #pendingBytes = 0
  /** Commits up to here were handed over, are appended, are on the disk, must reach the disk. */
  #last: number
  #appended: number
  #synced: number
  #toSync = 0
  readonly #keptWaiters = new Waiters<{ readonly sequence: number; readonly synced: boolean }>()
  readonly #snapshotWaiters = new Waiters<undefined>()
  #snapshotDemanded = false
  #logBytes: number
  #snapshotBytes: number
  #running: Promise<void> | undefined
  #replacing: Promise<void> | undefined
  #appendTrouble: StoreError | undefined
  #snapshotTrouble: StoreError | undefined
  #closing = false
  readonly #idle = new Timer()
  readonly #sync = new Timer()
  readonly #snapshotRetry = new Timer()
  readonly #appendRetry = new Timer()
  readonly #gathering = new Timer()

  /** @param kept what the storage was opened with. */
  constructor(
    storage: StorageAdapter,
    kept: { sequence: number; logBytes: number; snapshotBytes: number },
    options: PersisterOptions,
  ) {
    this.#storage = storage
    this.#options = options
    this.#last = this.#appended = this.#synced = kept.sequence
    this.#logBytes = kept.logBytes
    this.#snapshotBytes = kept.snapshotBytes
  }

  get status(): PersisterStatus {
    const trouble = this.#appendTrouble ?? this.#snapshotTrouble
    const busy = this.#running !== undefined || this.#replacing !== undefined
    return {
      state: this.#lost ? 'lost' : trouble ? 'failing' : busy ? 'saving' : 'clean',
      reason: trouble?.message,
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
    if (this.#appendTrouble && (this.#lost || this.#pendingBytes > this.#options.maxPendingBytes))
      throw this.#appendTrouble
  }

  /** It is appended as soon as the append before it has ended. */
  commit(commit: RecordedCommit): void {
    this.#waiting.push(commit)
    this.#pendingBytes += estimatedBytes(commit)
    this.#last = commit.sequence
    this.#idle.clear()
    this.#start()
  }

  async whenDurable(synced: boolean = this.#options.durability === 'strict'): Promise<void> {
    if (this.#lost) throw this.#appendTrouble
    const sequence = this.#last
    if ((synced ? this.#synced : this.#appended) >= sequence) return
    if (synced) this.#toSync = sequence
    const waiting = this.#keptWaiters.wait({ sequence, synced })
    this.#gathering.clear()
    this.#start()
    await waiting
  }

  /**
   * A caller that awaits one operation after the other would otherwise never let the appends have their turn, and nothing would
   * be kept.
   */
  async whenWritable(): Promise<void> {
    if (this.#pendingBytes > MOST_WAITING_BYTES && !this.#appendTrouble) await this.whenDurable(false).catch(() => {})
  }

  async snapshot(): Promise<void> {
    if (this.#lost) throw this.#appendTrouble
    this.#snapshotDemanded = true
    const waiting = this.#snapshotWaiters.wait(undefined)
    this.#gathering.clear()
    this.#start()
    await waiting
  }

  /** If the log has grown, a last snapshot is written. */
  async close(): Promise<void> {
    try {
      await this.whenDurable(true)
      if (this.#logBytes > 0) await this.snapshot()
    } finally {
      this.#closing = true
      for (const timer of [this.#idle, this.#sync, this.#snapshotRetry, this.#appendRetry, this.#gathering])
        timer.clear()
      await this.#running
      await this.#replacing
      this.#rejectAll(new StoreError('CLOSED', 'Expected an open store, but it was closed before this was kept'))
      await this.#storage.close()
    }
  }

  get #lost(): boolean {
    return isLoss(this.#appendTrouble)
  }

  #hasWork(): boolean {
    if (this.#closing || this.#lost) return false
    return this.#waiting.length > 0 || this.#toSync > this.#synced || this.#isSnapshotDue
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
    // The commits of one tick go together.
    await Promise.resolve()
    while (this.#hasWork()) {
      if (this.#mayGather) await this.#gathering.pause(this.#options.gatherMs ?? 0)
      const image = this.#dueSnapshot()
      const batch = this.#waiting
      this.#waiting = []
      const kept = await this.#append(batch)
      if (!kept || !image) continue
      this.#replacing = this.#replace(image)
      this.#options.background?.(this.#replacing)
    }
    this.#setAlarms()
  }

  /** While nobody waits for it an append may come a little later, with more: each costs as much as many operations. */
  get #mayGather(): boolean {
    const isAwaited = !this.#keptWaiters.isEmpty || !this.#snapshotWaiters.isEmpty || this.#toSync > this.#synced
    return this.#options.gatherMs !== undefined && !isAwaited && !this.#snapshotDemanded
  }

  #dueSnapshot(): Snapshot | undefined {
    if (!this.#isSnapshotDue) return undefined
    this.#snapshotDemanded = false
    try {
      return this.#options.snapshot()
    } catch (cause) {
      this.#snapshotFailed(storageError(cause), this.#snapshotWaiters.take())
      return undefined
    }
  }

  /** Appends until it succeeds. Answers false when the lease or the storage is lost, or the store closes. */
  async #append(batch: readonly RecordedCommit[]): Promise<boolean> {
    // Until a sync the system may write what was appended in any order: all of it counts as one write.
    const first = this.#synced + 1
    const records = batch.map((commit) => this.#writer.encode(commit, first))
    for (let failures = 0; ; ) {
      const strict = this.#options.durability === 'strict' || this.#toSync > this.#synced
      try {
        await this.#storage.append(records, strict ? 'strict' : 'relaxed')
        this.#appendTrouble = undefined
        this.#appended = batch.at(-1)?.sequence ?? this.#appended
        if (strict) this.#synced = this.#appended
        this.#logBytes += records.reduce((sum, record) => sum + record.length, 0)
        this.#pendingBytes -= batch.reduce((sum, commit) => sum + estimatedBytes(commit), 0)
        this.#settleKept()
        return true
      } catch (cause) {
        failures++
        this.#appendTrouble = storageError(cause)
        if (failures >= FAILURES_BEFORE_REJECTING || this.#lost) this.#rejectAll(this.#appendTrouble)
        if (this.#lost || this.#closing) return false
        await this.#appendRetry.pause(pauseAfter(failures))
        if (this.#closing) return false
      }
    }
  }

  async #replace(image: Snapshot): Promise<void> {
    const before = this.#logBytes
    const waiters = this.#snapshotWaiters.take()
    this.#logBytes = 0
    this.#writer = new RecordWriter()
    try {
      await this.#storage.replace(image)
      this.#snapshotTrouble = undefined
      this.#snapshotBytes = image.bytes.length
      this.#synced = Math.max(this.#synced, image.sequence)
      this.#settleKept()
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
    this.#snapshotTrouble = error
    if (isLoss(error)) {
      this.#appendTrouble = error
      this.#rejectAll(error)
    }
    waiters.reject(error)
    if (!this.#closing) this.#snapshotRetry.set(LONGEST_PAUSE_MS, () => this.#demandSnapshot())
  }

  /** Demanded, or the log has outgrown the last one; where the storage refuses snapshots, once a pause and not once a commit. */
  get #isSnapshotDue(): boolean {
    const isOutgrown = this.#logBytes >= this.#dueAt && !this.#snapshotTrouble
    return this.#replacing === undefined && (this.#snapshotDemanded || isOutgrown)
  }

  /** The size of the log at which a snapshot is due. */
  get #dueAt(): number {
    return Math.max(this.#options.snapshotAfterLogBytes, this.#snapshotBytes)
  }

  #setAlarms(): void {
    if (this.#closing || this.#lost) return
    this.#idle.clear()
    if (this.#logBytes >= this.#dueAt / 4)
      this.#idle.set(this.#options.snapshotAfterIdleMs, () => this.#demandSnapshot())
    if (this.#synced >= this.#appended) this.#sync.clear()
    // Set again at every commit it would never ring while commits keep coming.
    if (this.#synced >= this.#appended || this.#sync.isSet) return
    this.#sync.set(SYNC_EVERY_MS, () => {
      this.#toSync = Math.max(this.#toSync, this.#appended)
      this.#start()
    })
  }

  #demandSnapshot(): void {
    this.#snapshotDemanded = true
    this.#start()
  }

  #settleKept(): void {
    this.#keptWaiters.resolve(({ sequence, synced }) => sequence <= (synced ? this.#synced : this.#appended))
  }

  #rejectAll(error: StoreError): void {
    this.#keptWaiters.reject(error)
    this.#snapshotWaiters.reject(error)
  }
}
