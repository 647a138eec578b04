/**
 * Starts calls in the order in which they were made, even if some wait for code to load. Calls may overlap once
 * started; `Mutex` in the Durable Object storage excludes instead.
 */
export class CallQueue {
  #last: Promise<unknown> | undefined

  /**
   * Starts a call immediately if nothing has to be waited for, otherwise after `until` and after all earlier calls have
   * started.
   * @param until a promise that never rejects, or undefined
   */
  take<T>(until: Promise<void> | undefined, start: () => Promise<T>): Promise<T> {
    if (!until && !this.#last) return start()
    const turn = Promise.all([this.#last, until]).then(() => {
      if (this.#last === turn) this.#last = undefined
      // Wrapped in an object, so that the next call waits for this one to start, not to end.
      return { started: start() }
    })
    this.#last = turn
    return turn.then(({ started }) => started)
  }
}
