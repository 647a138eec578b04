import { checkOptions, invalid } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import type { AgentPlatform } from './platform.ts'

/** Which store an object works on. Without either: the default storage. */
export interface StoreOptions {
  /** A store of the caller's, who closes it. */
  readonly store?: AsyncStore | undefined
  /** Opens a store for the object, which closes it. */
  readonly openStore?: (() => Promise<AsyncStore>) | undefined
}

export const STORE_OPTIONS = ['store', 'openStore'] as const

/** The store that one object works on: the caller's, or one that is opened when it is first needed. */
export class StoreInUse {
  readonly #given: AsyncStore | undefined
  readonly #openStore: () => Promise<AsyncStore>
  readonly #user: string
  #opening: Promise<AsyncStore> | undefined
  #closing: Promise<void> | undefined

  /** @param user what the object is called in errors. @throws INVALID_ARGUMENT */
  constructor(options: StoreOptions, platform: AgentPlatform, user: string) {
    const { store, openStore = () => platform.openStore() } = checkOptions(options, 'the options', STORE_OPTIONS)
    if (typeof openStore !== 'function') throw invalid('openStore', 'a function', openStore)
    this.#given = store
    this.#openStore = openStore
    this.#user = user
  }

  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** Rejects as opening a store does, and the next call tries anew; with CLOSED after `close`. */
  open(): Promise<AsyncStore> {
    if (this.isClosed) {
      return Promise.reject(new StoreError('CLOSED', `Expected ${this.#user} in use, got one that was given up`))
    }
    if (this.#given) return Promise.resolve(this.#given)
    this.#opening ??= this.#openStore().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** Persists everything, and closes the store if it was opened here. */
  close(): Promise<void> {
    this.#closing ??= this.#given ? this.#given.flush() : this.#closeOpened()
    return this.#closing
  }

  async #closeOpened(): Promise<void> {
    const opened = await this.#opening?.catch(() => undefined)
    await opened?.close()
  }
}
