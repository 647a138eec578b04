interface Waiter<T> {
  readonly what: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Promises that wait for something to come true. Each is settled once, by `resolve` or by `reject`. */
export class Waiters<T> {
  #waiting: Waiter<T>[] = []

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  wait(what: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ what, resolve, reject })
    })
  }

  /** Resolves those for whom it is true now. */
  resolve(isTrue: (what: T) => boolean): void {
    const settled = this.#waiting.filter(({ what }) => isTrue(what))
    this.#waiting = this.#waiting.filter(({ what }) => !isTrue(what))
    for (const { resolve } of settled) resolve()
  }

  reject(error: unknown): void {
    const rejected = this.#waiting
    this.#waiting = []
    for (const { reject } of rejected) reject(error)
  }

  /** The ones who wait, to be settled apart from those who come later. */
  take(): Waiters<T> {
    const taken = new Waiters<T>()
    taken.#waiting = this.#waiting
    this.#waiting = []
    return taken
  }
}
