import type { StoreError } from '../errors.ts'

/** The end of a host, which comes once at most and can be waited for at any time. */
export class ConnectionLoss {
  #error: StoreError | undefined
  readonly #callbacks = new Set<(error: StoreError) => void>()

  /** Tells everyone who waits, and who will. */
  lose(error: StoreError): void {
    if (this.#error) return
    this.#error = error
    const callbacks = [...this.#callbacks]
    this.#callbacks.clear()
    for (const callback of callbacks) callback(error)
  }

  onLost(callback: (error: StoreError) => void): void {
    if (this.#error) callback(this.#error)
    else this.#callbacks.add(callback)
  }

  /** What `answer` resolves with; rejects when the host is lost before. */
  unlessLost<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onLost(reject)
      answer.then(resolve, reject).finally(() => this.#callbacks.delete(reject))
    })
  }
}
