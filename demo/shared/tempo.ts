/** Where time comes from. */
export interface Clock {
  /** In ms, from any beginning. */
  now(): number
  /** Resolves after so many ms, or as soon as it can. */
  wait(ms: number): Promise<void>
}

export const browserClock: Clock = {
  now: () => performance.now(),
  // Frames would not do: a tab in the background has none.
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** A page that does not yield so often cannot be used meanwhile; in ms. */
const FRAME_MS = 16

/** Lets work go on step by step, so many a second, and halts it while it is paused. */
export class Tempo {
  perSecond: number
  isPaused = false
  readonly #clock: Clock
  /** When the next step is due. */
  #due: number
  #yielded: number

  constructor(perSecond: number, clock: Clock) {
    this.perSecond = perSecond
    this.#clock = clock
    this.#due = clock.now()
    this.#yielded = this.#due
  }

  /** Resolves when the next step may be done; rejects with the reason of the signal. */
  async step(signal: AbortSignal): Promise<void> {
    const clock = this.#clock
    while (this.isPaused || clock.now() < this.#due || clock.now() - this.#yielded >= FRAME_MS) {
      const left = this.isPaused ? FRAME_MS : Math.min(this.#due - clock.now(), 4 * FRAME_MS)
      await clock.wait(Math.max(0, left))
      this.#yielded = clock.now()
      signal.throwIfAborted()
    }
    signal.throwIfAborted()
    // What could not be done in time is not made up for, but a late timer is.
    this.#due = Math.max(this.#due, clock.now() - 2 * FRAME_MS) + 1_000 / this.perSecond
  }
}
