import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { AsyncStore, Queries, Subscription } from '../client/async-store.ts'

/** An element that shows a store. */
export interface StoreElement extends ReactiveControllerHost {
  readonly store: AsyncStore | undefined
}

export interface LiveOptions<T> {
  /** What the query depends on besides the store. It runs again when one of these values changes. */
  readonly inputs?: () => readonly unknown[]
  /** Minimum time between two runs. */
  readonly everyMs?: number
  /** Whether the query runs again although nothing was committed. */
  readonly isTransient?: (value: T) => boolean
}

/** A query uses at most one part in this many of the time of the store and of the page. */
const SHARE = 8
/** Queries that take at most two frames are not slowed down. */
const FREE_MS = 34

/**
 * The up-to-date result of a query, while its element is in the page and the page is visible. The query runs again after each
 * change of the data it reads: never concurrently, at most once a frame, and less often the longer it takes.
 */
export class Live<T> implements ReactiveController {
  value: T | undefined
  error: unknown
  readonly #host: StoreElement
  readonly #query: (queries: Queries) => Promise<T>
  readonly #options: LiveOptions<T>
  #inputs: readonly unknown[] = []
  #subscription: Subscription | undefined
  #dueMs = 0

  constructor(host: StoreElement, query: (queries: Queries) => Promise<T>, options: LiveOptions<T> = {}) {
    this.#host = host
    this.#query = query
    this.#options = options
    host.addController(this)
  }

  hostConnected(): void {
    this.#host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#subscription?.unsubscribe()
    this.#subscription = undefined
    this.#inputs = []
  }

  hostUpdate(): void {
    const inputs = [this.#host.store, ...(this.#options.inputs?.() ?? [])]
    if (inputs.length === this.#inputs.length && inputs.every((one, i) => Object.is(one, this.#inputs[i]))) return
    if (inputs[0] !== this.#inputs[0]) this.value = undefined
    this.#inputs = inputs
    this.restart()
  }

  /** Runs the query again, also after an error. */
  restart(): void {
    this.#subscription?.unsubscribe()
    this.error = undefined
    this.#dueMs = 0
    const { store } = this.#host
    if (!store) return
    try {
      this.#subscription = store.live(
        (queries) => this.#run(queries),
        (value) => this.#update(value),
        { onError: (error) => this.#fail(error) },
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  async #run(queries: Queries): Promise<T> {
    let began = await frame()
    while (began < this.#dueMs) began = await frame()
    try {
      return await this.#query(queries)
    } catch (error) {
      // A live query reports no error when the store is closed.
      this.#fail(error)
      throw error
    } finally {
      const { everyMs = 0 } = this.#options
      const ended = await frame()
      this.#dueMs = Math.max(began + everyMs, ended + (SHARE - 1) * Math.max(0, ended - began - FREE_MS))
    }
  }

  #update(value: T): void {
    this.value = value
    this.error = undefined
    this.#host.requestUpdate()
    if (this.#options.isTransient?.(value)) void this.#runLater(this.#subscription)
  }

  async #runLater(subscription: Subscription | undefined): Promise<void> {
    const due = this.#dueMs
    while ((await frame()) < due);
    if (this.#subscription === subscription && this.#dueMs === due) this.restart()
  }

  #fail(error: unknown): void {
    this.error = error
    this.#host.requestUpdate()
  }
}

/** Resolves with the time of the next frame. A hidden page has no frames. */
function frame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}
