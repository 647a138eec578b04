import { StoreError } from '../../errors.ts'
import { checkSize, estimatedBytes, type RecordedCommit } from '../log/record.ts'
import { isLoss, type Persister, type PersisterOptions, type PersisterStatus } from '../persister.ts'
import type { StorageAdapter } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { pauseAfter, Timer } from '../timer.ts'
import { Waiters } from '../waiters.ts'

/** What was committed is written after so long at the latest, however often more follows it. */
const LATEST_MS = 30_000
/** Who waits for something to be kept is told after so many failures; persistence it is tried on. */
const FAILURES_BEFORE_REJECTING = 3
/** Where work ends with the request that began it, who waits for what another request began waits so long at most. */
const LONGEST_WAIT_MS = 30_000
/** A key-value store that takes one write a second is not asked sooner again: the first pause is 1.6 s. */
const SPARED_PAUSES = 5

/**
 * Brings commits to a storage that keeps snapshots only: one when it is asked for, one when nothing was committed for a while
 * (`snapshotAfterIdleMs`) or long enough (30 s), one when more was committed than the last one is large; never two at a time. What was
 * committed after the last one is lost with the process.
 */
export class SnapshotPersister implements Persister {
  readonly #storage: StorageAdapter
  readonly #options: PersisterOptions
  /** Commits up to here were handed over, are in the snapshot on its way, are kept. */
  #last: number
  #taken: number
  #saved: number
  #unsavedBytes = 0
  #snapshotBytes: number
  /** Who waits for a commit to be kept, or (`turn`) for a snapshot that is taken from now on. */
  readonly #waiters = new Waiters<{ readonly sequence: number; readonly turn: number }>()
  #turn = 0
  #isWanted = false
  #running: Promise<void> | undefined
  /** Counts them: one that was left in a pause is not the last. */
  #runs = 0
  /** Whether the storage is writing one, which may land at any time until it says that it has ended. */
  #isReplacing = false
  /** Whether someone has given up to wait for it. */
  #isOverdue = false
  #trouble: StoreError | undefined
  #isClosing = false
  readonly #idle = new Timer()
  readonly #latest = new Timer()
  readonly #retry = new Timer()

  /** @param kept what the storage was opened with. */
  constructor(storage: StorageAdapter, kept: { sequence: number; snapshotBytes: number }, options: PersisterOptions) {
    this.#storage = storage
    this.#options = options
    this.#last = this.#taken = this.#saved = kept.sequence
    this.#snapshotBytes = kept.snapshotBytes
  }

  get status(): PersisterStatus {
    const isSaved = this.#running === undefined && this.#saved >= this.#last
    return {
      state: isLoss(this.#trouble) ? 'lost' : this.#trouble ? 'failing' : isSaved ? 'clean' : 'saving',
      reason: this.#trouble?.message,
      durableSequence: this.#saved,
      logBytes: 0,
      snapshotBytes: this.#snapshotBytes,
      pendingBytes: this.#unsavedBytes,
    }
  }

  durableSequence(): number {
    return this.#saved
  }

  checkWritable(statements: RecordedCommit['statements']): void {
    checkSize(statements)
    const isFull = this.#unsavedBytes > this.#options.maxPendingBytes
    if (this.#trouble && (isFull || isLoss(this.#trouble))) throw this.#trouble
  }

  commit(commit: RecordedCommit): void {
    this.#last = commit.sequence
    this.#unsavedBytes += estimatedBytes(commit)
    if (this.#isClosing) return
    this.#idle.set(this.#options.snapshotAfterIdleMs, () => this.#want())
    if (!this.#latest.isSet) this.#latest.set(LATEST_MS, () => this.#want())
    if (this.#unsavedBytes >= Math.max(this.#options.snapshotAfterLogBytes, this.#snapshotBytes)) this.#want()
  }

  async whenDurable(): Promise<void> {
    if (isLoss(this.#trouble)) throw this.#trouble
    if (this.#saved >= this.#last) return
    const waiting = this.#waiters.wait({ sequence: this.#last, turn: 0 })
    if (this.#last > this.#taken) this.#want()
    await this.#watched(waiting)
  }

  /** Nothing waits for a turn of the storage here. */
  async whenWritable(): Promise<void> {}

  async snapshot(): Promise<void> {
    if (isLoss(this.#trouble)) throw this.#trouble
    const waiting = this.#waiters.wait({ sequence: this.#last, turn: ++this.#turn })
    this.#want()
    await this.#watched(waiting)
  }

  async close(): Promise<void> {
    try {
      await this.whenDurable()
    } finally {
      this.#isClosing = true
      for (const timer of [this.#idle, this.#latest, this.#retry]) timer.clear()
      // What was waited for in vain may never end.
      if (!this.#isOverdue) await this.#watched(this.#running).catch(() => {})
      this.#waiters.reject(new StoreError('CLOSED', 'Expected an open store, but it was closed before this was kept'))
      await this.#storage.close()
    }
  }

  /**
   * What is waited for may be another request's. Where that was ended in the middle it never comes back, not even as an error.
   * The timer also tells workerd that whoever waits is not hung. @throws STORAGE_ERROR when it has taken too long.
   */
  async #watched(waiting: Promise<void> | undefined): Promise<void> {
    if (!this.#options.background) return waiting
    const watch = new Timer()
    const run = this.#runs
    const late = new Promise<void>((_, reject) => {
      watch.set(LONGEST_WAIT_MS, () => {
        if (this.#isReplacing) reject(this.#overdue())
        else if (run === this.#runs) this.#beginAnew()
      })
    })
    return Promise.race([waiting, late]).finally(() => watch.clear())
  }

  /** No other write may begin before the late one has ended: that one could land after it, and undo it. */
  #overdue(): StoreError {
    this.#isOverdue = true
    const expected = `Expected the storage to take a snapshot within ${LONGEST_WAIT_MS / 1_000} s`
    this.#trouble = new StoreError(
      'STORAGE_ERROR',
      `${expected}, but it has not answered; if it never does, open it again`,
    )
    return this.#trouble
  }

  /** Nothing is being written: a pause has ended together with the request that it belonged to. */
  #beginAnew(): void {
    this.#running = undefined
    this.#want()
  }

  #want(): void {
    this.#isWanted = true
    if (this.#running !== undefined) return
    const run = ++this.#runs
    this.#running = this.#run(run).finally(() => {
      if (run !== this.#runs) return
      this.#running = undefined
      if (this.#mayWrite) this.#want()
    })
    this.#options.background?.(this.#running)
  }

  get #mayWrite(): boolean {
    return this.#isWanted && !this.#isClosing && !isLoss(this.#trouble)
  }

  async #run(run: number): Promise<void> {
    // The commits of one tick go together.
    await Promise.resolve()
    for (let failures = 0; this.#mayWrite && run === this.#runs; ) {
      this.#isWanted = false
      try {
        await this.#write()
        failures = 0
      } catch (cause) {
        failures++
        this.#isWanted = true
        this.#trouble = storageError(cause)
        if (failures >= FAILURES_BEFORE_REJECTING || isLoss(this.#trouble)) this.#waiters.reject(this.#trouble)
        if (this.#mayWrite) await this.#retry.pause(pauseAfter(failures + SPARED_PAUSES))
      }
    }
  }

  async #write(): Promise<void> {
    const image = this.#options.snapshot()
    const turn = this.#turn
    const bytes = this.#unsavedBytes
    this.#taken = image.sequence
    this.#unsavedBytes = 0
    this.#idle.clear()
    this.#latest.clear()
    this.#isReplacing = true
    try {
      await this.#storage.replace(image)
    } catch (error) {
      this.#unsavedBytes += bytes
      throw error
    } finally {
      this.#isReplacing = this.#isOverdue = false
    }
    this.#trouble = undefined
    this.#saved = image.sequence
    this.#snapshotBytes = image.bytes.length
    this.#waiters.resolve((one) => one.sequence <= this.#saved && one.turn <= turn)
  }
}
