import type { AsyncStore } from '../client/async-store.ts'
import { isServerError } from './problem.ts'

/** A store that is open when it is used. */
export interface StoreUser {
  /** Calls `work` with the store, and whether its writes are durable before they are acknowledged. */
  use<T>(work: (store: AsyncStore, isStrict: boolean) => Promise<T>): Promise<T>
  close(): Promise<void>
}

interface Opened {
  readonly store: Promise<AsyncStore>
  readonly isStrict: Promise<boolean>
}

/**
 * Opens a store when it is first used, and again after an error that is the store's own, such as a lost lease: the next
 * request finds it open.
 */
export class OpenedStore implements StoreUser {
  readonly #open: () => Promise<AsyncStore>
  readonly #onError: (error: unknown) => void
  #opened: Opened | undefined
  #closing: Promise<void> = Promise.resolve()

  constructor(open: () => Promise<AsyncStore>, onError: (error: unknown) => void) {
    this.#open = open
    this.#onError = onError
  }

  async use<T>(work: (store: AsyncStore, isStrict: boolean) => Promise<T>): Promise<T> {
    this.#opened ??= opened(this.#closing.then(this.#open))
    const current = this.#opened
    try {
      return await work(await current.store, await current.isStrict)
    } catch (error) {
      if (isServerError(error)) this.#drop(current)
      throw error
    }
  }

  async close(): Promise<void> {
    const current = this.#opened
    this.#opened = undefined
    await this.#closing
    await current?.store.then((store) => store.close())
  }

  /** No caller waits for it: what was acknowledged is durable. It must be closed before it is opened again. */
  #drop(dropped: Opened): void {
    if (this.#opened !== dropped) return
    this.#opened = undefined
    this.#closing = dropped.store.then(
      (store) => store.close().catch(this.#onError),
      // It was not opened.
      () => {},
    )
  }
}

/** A store that its caller opened and closes. */
export class GivenStore implements StoreUser {
  readonly #store: AsyncStore
  #isStrict: boolean | undefined

  constructor(store: AsyncStore) {
    this.#store = store
  }

  async use<T>(work: (store: AsyncStore, isStrict: boolean) => Promise<T>): Promise<T> {
    this.#isStrict ??= await hasStrictDurability(this.#store)
    return work(this.#store, this.#isStrict)
  }

  async close(): Promise<void> {}
}

function opened(store: Promise<AsyncStore>): Opened {
  const isStrict = store.then(hasStrictDurability)
  // Whoever uses it receives the error.
  isStrict.catch(() => {})
  return { store, isStrict }
}

async function hasStrictDurability(store: AsyncStore): Promise<boolean> {
  return (await store.status()).durability === 'strict'
}
