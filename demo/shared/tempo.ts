/** A source of time. */
export interface Clock {
  /** Milliseconds since an arbitrary start. */
  now(): number
  /** Resolves after at least `ms` milliseconds. */
  wait(ms: number): Promise<void>
}

export const browserClock: Clock = {
  now: () => performance.now(),
  // Not requestAnimationFrame: background tabs have no frames.
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** Maximum time without yielding, so that the page stays responsive. */
const FRAME_MS = 16

/** Limits work to a number of steps per second, and halts it while paused. */
export class Tempo {
  perSecond: number
  isPaused = false
  readonly #clock: Clock
  /** Time at which the next step is due. */
  #due: number
  #yielded: number

  constructor(perSecond: number, clock: Clock) {
    this.perSecond = perSecond
    this.#clock = clock
    this.#due = clock.now()
    this.#yielded = this.#due
  }

  /** Resolves when the next step may run. Rejects with the reason of the signal. */
  async step(signal: AbortSignal): Promise<void> {
    const clock = this.#clock
    while (this.isPaused || clock.now() < this.#due || clock.now() - this.#yielded >= FRAME_MS) {
      const left = this.isPaused ? FRAME_MS : Math.min(this.#due - clock.now(), 4 * FRAME_MS)
      await clock.wait(Math.max(0, left))
      this.#yielded = clock.now()
      signal.throwIfAborted()
    }
    signal.throwIfAborted()
    // Makes up for a late timer, but not for a longer delay.
    this.#due = Math.max(this.#due, clock.now() - 2 * FRAME_MS) + 1_000 / this.perSecond
  }
}
