import { checkOptions, invalid } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import type { AgentPlatform } from './platform.ts'

/** The store of an object. Default: the default storage of agentic-qe. */
export interface StoreOptions {
  /** An open store, which the caller closes. */
  readonly store?: AsyncStore | undefined
  /** Opens a store, which the object closes. */
  readonly openStore?: (() => Promise<AsyncStore>) | undefined
}

export const STORE_OPTIONS = ['store', 'openStore'] as const

/** The store of one object: the caller's, or one that is opened when it is first used. */
export class StoreInUse {
  readonly #given: AsyncStore | undefined
  readonly #openStore: () => Promise<AsyncStore>
  readonly #user: string
  #opening: Promise<AsyncStore> | undefined
  #closing: Promise<void> | undefined

  /** @param user the name of the object in error messages @throws INVALID_ARGUMENT */
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

  /** Throws what opening a store throws; the next call tries again. @throws CLOSED after `close` */
  open(): Promise<AsyncStore> {
    if (this.isClosed) {
      return Promise.reject(new StoreError('CLOSED', `Expected ${this.#user} that is open, got one that was closed`))
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
