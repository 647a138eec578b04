interface Waiter<T> {
  readonly condition: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Promises that wait for a condition. Each is settled once, by `resolve` or by `reject`. */
export class Waiters<T> {
  #waiting: Waiter<T>[] = []

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  wait(condition: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ condition, resolve, reject })
    })
  }

  /** Resolves the promises whose condition is true. */
  resolve(isTrue: (condition: T) => boolean): void {
    const settled = this.#waiting.filter(({ condition }) => isTrue(condition))
    this.#waiting = this.#waiting.filter(({ condition }) => !isTrue(condition))
    for (const { resolve } of settled) resolve()
  }

  reject(error: unknown): void {
    const rejected = this.#waiting
    this.#waiting = []
    for (const { reject } of rejected) reject(error)
  }

  /** Moves the waiting promises to a collection of their own, to be settled apart from later ones. */
  take(): Waiters<T> {
    const taken = new Waiters<T>()
    taken.#waiting = this.#waiting
    this.#waiting = []
    return taken
  }
}
