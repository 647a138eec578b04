import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import { isServerError } from './problem.ts'

/** What a request needs of a store that is not open. */
export interface OpeningOptions {
  /** Whether the store is created if there is none; otherwise opening rejects with STORE_MISSING. */
  readonly create: boolean
}

type Work<T> = (store: AsyncStore | undefined, isStrict: boolean) => Promise<T>

/** A store that is open when it is used. */
export interface StoreUser {
  /**
   * Calls `work` with the store, and whether its writes are durable before they are acknowledged.
   * @param create whether the store is created if there is none; otherwise `work` gets undefined then
   */
  use<T>(work: Work<T>, create: boolean): Promise<T>
  close(): Promise<void>
}

interface Opened extends OpeningOptions {
  readonly store: Promise<AsyncStore>
  readonly isStrict: Promise<boolean>
}

/**
 * Opens a store when it is first used, and again after an error that is the store's own, such as a lost lease: the next
 * request finds it open.
 */
export class OpenedStore implements StoreUser {
  readonly #open: (options: OpeningOptions) => Promise<AsyncStore>
  readonly #onError: (error: unknown) => void
  #opened: Opened | undefined
  #closing: Promise<void> = Promise.resolve()

  constructor(open: (options: OpeningOptions) => Promise<AsyncStore>, onError: (error: unknown) => void) {
    this.#open = open
    this.#onError = onError
  }

  async use<T>(work: Work<T>, create: boolean): Promise<T> {
    let current = this.#current(create)
    // An opening that may not create the store is under way for a request that reads.
    while (!current.create && (await isMissing(current))) {
      this.#drop(current)
      if (!create) return work(undefined, true)
      current = this.#current(create)
    }
    try {
      return await work(await current.store, await current.isStrict)
    } catch (error) {
      if (isServerError(error)) this.#drop(current)
      throw error
    }
  }

  #current(create: boolean): Opened {
    this.#opened ??= opened(
      this.#closing.then(() => this.#open({ create })),
      create,
    )
    return this.#opened
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

  async use<T>(work: Work<T>): Promise<T> {
    this.#isStrict ??= await hasStrictDurability(this.#store)
    return work(this.#store, this.#isStrict)
  }

  async close(): Promise<void> {}
}

function isMissing({ store }: Opened): Promise<boolean> {
  return store.then(
    () => false,
    (error: unknown) => error instanceof StoreError && error.code === 'STORE_MISSING',
  )
}

function opened(store: Promise<AsyncStore>, create: boolean): Opened {
  const isStrict = store.then(hasStrictDurability)
  // Whoever uses it receives the error.
  isStrict.catch(() => {})
  return { store, isStrict, create }
}

async function hasStrictDurability(store: AsyncStore): Promise<boolean> {
  return (await store.status()).durability === 'strict'
}
