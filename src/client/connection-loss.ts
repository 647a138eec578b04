import type { StoreError } from '../errors.ts'

/** The loss of a host, which happens once at most and can be awaited at any time. */
export class ConnectionLoss {
  #error: StoreError | undefined
  readonly #callbacks = new Set<(error: StoreError) => void>()

  /** Notifies all present and later listeners. */
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

  /** Resolves with the result of a call; rejects if the host is lost before. */
  unlessLost<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onLost(reject)
      result.then(resolve, reject).finally(() => this.#callbacks.delete(reject))
    })
  }
}
