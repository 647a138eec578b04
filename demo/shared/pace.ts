/** Slowdown for users who prefer reduced motion. */
const REDUCED_MOTION_FACTOR = 10

/** Throttles work: at most one run per interval, and only the latest of the pending work. */
export class Pace {
  readonly #everyMs: number
  #next: (() => unknown) | undefined
  #isWaiting = false

  constructor(everyMs: number) {
    const isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#everyMs = isReduced ? REDUCED_MOTION_FACTOR * everyMs : everyMs
  }

  schedule(work: () => unknown): void {
    this.#next = work
    if (!this.#isWaiting) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isWaiting = true
    for (let work = this.#next; work; work = this.#next) {
      this.#next = undefined
      await work()
      await new Promise((resolve) => setTimeout(resolve, this.#everyMs))
    }
    this.#isWaiting = false
  }
}
