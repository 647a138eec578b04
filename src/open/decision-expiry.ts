import type { LearningStore } from '../learning/learning-store.ts'
import { Timer } from '../persistence/timer.ts'

/** Decisions that are closed in one go, about 5 ms. */
const STEP = 100
/** The longest time that a timer can wait is 2^31 ms; a clock that was set is noticed sooner. */
const LONGEST_WAIT_MS = 60 * 60 * 1000
const RETRY_AFTER_MS = 10_000

/** Closes the decisions of an open store whose rewards did not come in time: when it was opened, and then by a timer. */
export class DecisionExpiry {
  readonly #store: LearningStore
  readonly #now: () => number
  readonly #timer = new Timer()
  /** The expiry that the timer waits for. */
  #awaited: number | undefined
  #isStopped = false

  constructor(store: LearningStore, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** Closes what is due, and waits for the next. If that fails, the storage reports it by its status, and it is tried again. */
  async run(): Promise<void> {
    try {
      while (this.#isDue()) {
        await this.#store.lazyModules.load('decisions', 'linear')
        if (this.#isStopped || this.#store.lazyModules.get('decisions').closeDue(STEP) === 0) break
      }
      this.schedule()
    } catch {
      if (!this.#isStopped) this.#timer.set(RETRY_AFTER_MS, () => void this.run())
    }
  }

  /** Sets the timer for the first open decision that expires. Costs nothing if that is still the same. */
  schedule(): void {
    const next = this.#store.nextExpiryMs
    if (next === this.#awaited || this.#isStopped) return
    this.#awaited = next
    if (next === undefined) this.#timer.clear()
    else this.#timer.set(Math.min(LONGEST_WAIT_MS, Math.max(0, next - this.#now())), () => this.#ring())
  }

  stop(): void {
    this.#isStopped = true
    this.#timer.clear()
  }

  #ring(): void {
    this.#awaited = undefined
    void this.run()
  }

  #isDue(): boolean {
    return !this.#isStopped && (this.#store.nextExpiryMs ?? Number.POSITIVE_INFINITY) <= this.#now()
  }
}
