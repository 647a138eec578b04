const FIRST_PAUSE_MS = 50
export const LONGEST_PAUSE_MS = 10_000

/** How long to wait, in ms, before something is tried again that has failed so often. */
export function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
}

/** One timer that can be set again, and a pause that can be cut short. It does not keep a process alive. */
export class Timer {
  #timer: ReturnType<typeof setTimeout> | undefined
  #onCut: (() => void) | undefined

  /** Calls `ring` once after `ms`, unless it is set or cleared before. */
  set(ms: number, ring: () => void): void {
    this.clear()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      ring()
    }, ms)
    // Node only: a timer of ours must not keep a program alive that has nothing else to do.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  /** Whether it is going to ring. */
  get isSet(): boolean {
    return this.#timer !== undefined
  }

  /** Resolves after `ms`, or at once when the timer is cleared. Persists the process alive: someone waits for it. */
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
