/** Lets what is asked be carried out in the order it was asked in, though some of it waits for code to load. */
export class CallQueue {
  #last: Promise<unknown> | undefined

  /**
   * Begins at once where nothing has to be waited for, else after `until` and after what was asked before has begun.
   * @param until undefined, or a promise that never rejects.
   */
  take<T>(until: Promise<void> | undefined, begin: () => Promise<T>): Promise<T> {
    if (!until && !this.#last) return begin()
    const turn = Promise.all([this.#last, until]).then(() => {
      if (this.#last === turn) this.#last = undefined
      // In an object: who comes next waits for this to begin, not to end.
      return { begun: begin() }
    })
    this.#last = turn
    return turn.then(({ begun }) => begun)
  }
}
