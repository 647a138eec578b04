/** What an act came to. */
export type Outcome<T> = { readonly answer: T } | { readonly error: unknown }

export function outcomeOf<T>(act: () => T): Outcome<T> {
  try {
    return { answer: act() }
  } catch (error) {
    return { error }
  }
}

/** Acts that share one transaction as long as none of them fails inside it. */
export class Batch {
  #failed = false

  /** Runs one act. What it throws before its transaction began changed nothing; what it throws inside is thrown on. */
  run<T>(act: () => T): Outcome<T> {
    const outcome = outcomeOf(act)
    if (this.#failed) throw new Error('An act failed after it may have written something')
    return outcome
  }

  /** The transaction of one act, inside that of the batch. */
  join<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      this.#failed = true
      throw error
    }
  }
}
