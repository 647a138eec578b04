import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { AsyncStore, Queries, Subscription } from '../client/async-store.ts'

/** An element that looks at a store. */
export interface Looking extends ReactiveControllerHost {
  readonly store: AsyncStore | undefined
}

export interface LiveOptions<T> {
  /** What the question depends on besides the store: it is asked anew when any of these is another. */
  readonly on?: () => readonly unknown[]
  /** It is asked again no sooner, in ms. */
  readonly everyMs?: number
  /** Whether it is to be asked again though nothing was committed. */
  readonly isPassing?: (value: T) => boolean
}

/** Of the time of the store and of the page, asking takes at most one part in so many. */
const SHARE = 8
/** Two frames: what takes no longer is no burden. */
const FREE_MS = 34

/**
 * The answer to a question, kept fresh while its element is in the page and the page is seen: asked again after changes of
 * what it rests on, never twice at a time, at most once a frame, and the more seldom the longer it takes.
 */
export class Live<T> implements ReactiveController {
  value: T | undefined
  error: unknown
  readonly #host: Looking
  readonly #ask: (queries: Queries) => Promise<T>
  readonly #options: LiveOptions<T>
  #asked: readonly unknown[] = []
  #subscription: Subscription | undefined
  #dueMs = 0

  constructor(host: Looking, ask: (queries: Queries) => Promise<T>, options: LiveOptions<T> = {}) {
    this.#host = host
    this.#ask = ask
    this.#options = options
    host.addController(this)
  }

  hostConnected(): void {
    this.#host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#subscription?.unsubscribe()
    this.#subscription = undefined
    this.#asked = []
  }

  hostUpdate(): void {
    const asked = [this.#host.store, ...(this.#options.on?.() ?? [])]
    if (asked.length === this.#asked.length && asked.every((one, i) => Object.is(one, this.#asked[i]))) return
    if (asked[0] !== this.#asked[0]) this.value = undefined
    this.#asked = asked
    this.restart()
  }

  /** Asks anew, whatever came of it before. */
  restart(): void {
    this.#subscription?.unsubscribe()
    this.error = undefined
    this.#dueMs = 0
    const { store } = this.#host
    if (!store) return
    try {
      this.#subscription = store.live(
        (queries) => this.#asking(queries),
        (value) => this.#tell(value),
        { onError: (error) => this.#fail(error) },
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  async #asking(queries: Queries): Promise<T> {
    let began = await frame()
    while (began < this.#dueMs) began = await frame()
    try {
      return await this.#ask(queries)
    } catch (error) {
      // A live query ends in silence when the store is closed.
      this.#fail(error)
      throw error
    } finally {
      const { everyMs = 0 } = this.#options
      const ended = await frame()
      this.#dueMs = Math.max(began + everyMs, ended + (SHARE - 1) * Math.max(0, ended - began - FREE_MS))
    }
  }

  #tell(value: T): void {
    this.value = value
    this.error = undefined
    this.#host.requestUpdate()
    if (this.#options.isPassing?.(value)) void this.#askLater(this.#subscription)
  }

  async #askLater(subscription: Subscription | undefined): Promise<void> {
    const due = this.#dueMs
    while ((await frame()) < due);
    if (this.#subscription === subscription && this.#dueMs === due) this.restart()
  }

  #fail(error: unknown): void {
    this.error = error
    this.#host.requestUpdate()
  }
}

/** The time of the next frame. There is none while the page is hidden. */
function frame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}
