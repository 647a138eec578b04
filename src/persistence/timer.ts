const FIRST_PAUSE_MS = 50
export const LONGEST_PAUSE_MS = 10_000

/** Waiting callers are rejected after this many failures; retrying continues. */
export const FAILURES_BEFORE_REJECTING = 3

/** The pause in ms before the next attempt, after this many failures. */
export function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
}

/**
 * A timer that can be set again, and a pause that can be cut short. A set timer does not keep the process alive; a
 * pause does.
 */
export class Timer {
  #timer: ReturnType<typeof setTimeout> | undefined
  #onCut: (() => void) | undefined

  /** Calls `ring` once after `ms`, unless the timer is set again or cleared before. */
  set(ms: number, ring: () => void): void {
    this.clear()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      ring()
    }, ms)
    // Node only: this timer must not keep a program alive that has nothing else to do.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  /** Whether the timer is set. */
  get isSet(): boolean {
    return this.#timer !== undefined
  }

  /** Resolves after `ms`, or when the timer is cleared. */
  async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onCut = resolve
      this.#timer = setTimeout(resolve, ms)
    })
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#onCut?.()
    this.#onCut = undefined
  }
}
