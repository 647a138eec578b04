import { StoreError } from '../../errors.ts'
import { closeWithin, unstoredError } from '../closing.ts'
import { checkSize, estimatedBytes, type RecordedCommit } from '../log/record.ts'
import { isLoss, type Persister, type PersisterOptions, type PersisterStatus } from '../persister.ts'
import type { StorageAdapter } from '../storage.ts'
import { storageError } from '../storage-error.ts'
import { FAILURES_BEFORE_REJECTING, pauseAfter, Timer } from '../timer.ts'
import { Waiters } from '../waiters.ts'

/** A commit is in a snapshot after this time at the latest, even if more commits follow. */
const LATEST_MS = 30_000
/** If work ends with the request that began it, another request waits for it no longer than this. */
const LONGEST_WAIT_MS = 30_000
/** The first pause is 1.6 s, because a key-value store may accept only one write per second. */
const SKIPPED_PAUSES = 5

/**
 * Writes snapshots to a storage without a log: on request, after a time without commits (`snapshotAfterIdleMs`), 30 s
 * after the first unsaved commit, and when more was committed than the size of the last snapshot; never two at a time.
 * Commits after the last snapshot are lost with the process.
 */
export class SnapshotPersister implements Persister {
  readonly #storage: StorageAdapter
  readonly #options: PersisterOptions
  /** The last commit that was queued, that is in the snapshot being written, and that is in a written snapshot. */
  #last: number
  #exported: number
  #saved: number
  #unsavedBytes = 0
  #snapshotBytes: number
  /** Callers who wait for a commit to be durable, or (`turn`) for a snapshot taken from now on. */
  readonly #waiters = new Waiters<{ readonly sequence: number; readonly turn: number }>()
  #turn = 0
  #isRequested = false
  #running: Promise<void> | undefined
  /** The number of runs: one that was abandoned in a pause is not the current one. */
  #runs = 0
  /** Whether the storage is writing a snapshot, which may become visible at any time until the call ends. */
  #isReplacing = false
  /** Whether a caller has given up waiting for that write. */
  #isOverdue = false
  #error: StoreError | undefined
  #isClosing = false
  readonly #idle = new Timer()
  readonly #latest = new Timer()
  readonly #retry = new Timer()

  /** @param stored what the storage held when it was opened */
  constructor(storage: StorageAdapter, stored: { sequence: number; snapshotBytes: number }, options: PersisterOptions) {
    this.#storage = storage
    this.#options = options
    this.#last = this.#exported = this.#saved = stored.sequence
    this.#snapshotBytes = stored.snapshotBytes
  }

  get status(): PersisterStatus {
    const isSaved = this.#running === undefined && this.#saved >= this.#last
    return {
      state: isLoss(this.#error) ? 'lost' : this.#error ? 'failing' : isSaved ? 'clean' : 'saving',
      reason: this.#error?.message,
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
    if (this.#error && (isFull || isLoss(this.#error))) throw this.#error
  }

  commit(commit: RecordedCommit): void {
    this.#last = commit.sequence
    this.#unsavedBytes += estimatedBytes(commit)
    if (this.#isClosing) return
    this.#idle.set(this.#options.snapshotAfterIdleMs, () => this.#request())
    if (!this.#latest.isSet) this.#latest.set(LATEST_MS, () => this.#request())
    if (this.#unsavedBytes >= Math.max(this.#options.snapshotAfterLogBytes, this.#snapshotBytes)) this.#request()
  }

  async whenDurable(): Promise<void> {
    if (isLoss(this.#error)) throw this.#error
    if (this.#saved >= this.#last) return
    const waiting = this.#waiters.wait({ sequence: this.#last, turn: 0 })
    if (this.#last > this.#exported) this.#request()
    await this.#watched(waiting)
  }

  /** Writing snapshots holds up no operation. */
  async whenWritable(): Promise<void> {}

  async snapshot(): Promise<void> {
    if (isLoss(this.#error)) throw this.#error
    const waiting = this.#waiters.wait({ sequence: this.#last, turn: ++this.#turn })
    this.#request()
    await this.#watched(waiting)
  }

  async close(): Promise<void> {
    await closeWithin(this.#storage, this.#options.closeTimeoutMs, {
      settle: () => this.whenDurable(),
      end: async () => {
        this.#isClosing = true
        for (const timer of [this.#idle, this.#latest, this.#retry]) timer.clear()
        // A write that timed out may never end.
        if (!this.#isOverdue) await this.#watched(this.#running).catch(() => {})
      },
      abandon: () => this.#waiters.reject(unstoredError()),
    })
  }

  /**
   * Waits for work that may belong to another request. If that request was ended, the work never settles. The timer
   * also shows workerd that the waiting caller is not hung.
   * @throws STORAGE_ERROR if it takes too long
   */
  async #watched(waiting: Promise<void> | undefined): Promise<void> {
    if (!this.#options.background) return waiting
    const watch = new Timer()
    const run = this.#runs
    const late = new Promise<void>((_, reject) => {
      watch.set(LONGEST_WAIT_MS, () => {
        if (this.#isReplacing) reject(this.#overdue())
        else if (run === this.#runs) this.#restart()
      })
    })
    return Promise.race([waiting, late]).finally(() => watch.clear())
  }

  /** No other write may begin before the late one has ended: it could become visible later and undo the other. */
  #overdue(): StoreError {
    this.#isOverdue = true
    const waited = `The storage has not written a snapshot within ${LONGEST_WAIT_MS / 1_000} s`
    this.#error = new StoreError('STORAGE_ERROR', `${waited}. If it stays so, open the store again.`)
    return this.#error
  }

  /** Nothing is being written: a pause ended together with the request that it belonged to. */
  #restart(): void {
    this.#running = undefined
    this.#request()
  }

  #request(): void {
    this.#isRequested = true
    if (this.#running !== undefined) return
    const run = ++this.#runs
    this.#running = this.#run(run).finally(() => {
      if (run !== this.#runs) return
      this.#running = undefined
      if (this.#mayWrite) this.#request()
    })
    this.#options.background?.(this.#running)
  }

  get #mayWrite(): boolean {
    return this.#isRequested && !this.#isClosing && !isLoss(this.#error)
  }

  async #run(run: number): Promise<void> {
    // The commits of one tick share a snapshot.
    await Promise.resolve()
    for (let failures = 0; this.#mayWrite && run === this.#runs; ) {
      this.#isRequested = false
      try {
        await this.#write()
        failures = 0
      } catch (cause) {
        failures++
        this.#isRequested = true
        this.#error = storageError(cause)
        if (failures >= FAILURES_BEFORE_REJECTING || isLoss(this.#error)) this.#waiters.reject(this.#error)
        if (this.#mayWrite) await this.#retry.pause(pauseAfter(failures + SKIPPED_PAUSES))
      }
    }
  }

  async #write(): Promise<void> {
    const image = this.#options.snapshot()
    const turn = this.#turn
    const bytes = this.#unsavedBytes
    this.#exported = image.sequence
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
    this.#error = undefined
    this.#saved = image.sequence
    this.#snapshotBytes = image.bytes.length
    this.#waiters.resolve((one) => one.sequence <= this.#saved && one.turn <= turn)
  }
}
