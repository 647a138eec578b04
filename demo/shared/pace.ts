/** For people who want less motion, so many times slower. */
const CALMER = 10

/** Does work soon, but not oftener than once in so many ms; of what comes meanwhile, only the newest. */
export class Pace {
  readonly #everyMs: number
  #next: (() => unknown) | undefined
  #isWaiting = false

  constructor(everyMs: number) {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#everyMs = isCalm ? CALMER * everyMs : everyMs
  }

  soon(work: () => unknown): void {
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
