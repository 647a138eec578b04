import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import type { StoreAccess } from '../mcp/store-access.ts'
import { Timer } from '../persistence/timer.ts'

/** The options of `HeldStore`. */
export interface HeldStoreOptions {
  /** Opens the store. */
  readonly open: () => Promise<AsyncStore>
  /** Opens the store for reading alone, while another process writes it. */
  readonly openReader: () => Promise<AsyncStore>
  /** How long the store stays open after the last call, in ms. */
  readonly releaseAfterIdleMs: number
  /** How long the store stays open while calls keep coming, in ms; then others have a chance to open it. */
  readonly releaseAfterMs: number
  /** Receives what closing the store throws. */
  readonly onError: (error: unknown) => void
}

/** How long a store that was in constant use stays closed. Others who wait for a file look every 20 ms. */
const PAUSE_MS = 60

/**
 * A store that is open only while it is used, so that other processes can open it in between. Opening it for each call
 * would be slow, because closing it writes a snapshot.
 */
export class HeldStore implements StoreAccess {
  readonly #options: HeldStoreOptions
  readonly #idle: Timer = new Timer()
  readonly #turn: Timer = new Timer()
  #opened: Promise<AsyncStore> | undefined
  /** Number of calls that use the store. */
  #users = 0
  /** While the store is being released: settles when the next call may open it. */
  #released: Promise<void> | undefined
  #pass: () => void = () => {}
  #isClosed = false

  constructor(options: HeldStoreOptions) {
    this.#options = options
  }

  /**
   * Work that only reads gets a reader of its own where another process writes the store.
   * @throws CLOSED, what opening the store throws, and what the work throws
   */
  async use<T>(work: (store: AsyncStore) => Promise<T>, isReading: boolean): Promise<T> {
    try {
      return await this.#lend(work)
    } catch (error) {
      if (!isReading || !(error instanceof StoreError) || error.code !== 'LOCKED') throw error
    }
    const reader = await this.#options.openReader()
    try {
      return await work(reader)
    } finally {
      await reader.close()
    }
  }

  async #lend<T>(work: (store: AsyncStore) => Promise<T>): Promise<T> {
    while (this.#released !== undefined) await this.#released
    if (this.#isClosed) throw new StoreError('CLOSED', 'The server of the store is stopping')
    this.#users++
    this.#idle.clear()
    try {
      this.#opened ??= this.#open()
      return await work(await this.#opened)
    } catch (error) {
      // The store cannot write any more. The next call opens it again.
      if (error instanceof StoreError && error.code === 'LEASE_LOST') this.#endTurn()
      throw error
    } finally {
      this.#users--
      if (this.#users === 0) this.#unused()
    }
  }

  /** Waits for the calls that use the store and closes it. Later calls are refused. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#endTurn()
    await this.#released
  }

  async #open(): Promise<AsyncStore> {
    try {
      const store = await this.#options.open()
      this.#turn.set(this.#options.releaseAfterMs, () => this.#endTurn())
      return store
    } catch (error) {
      this.#opened = undefined
      throw error
    }
  }

  #unused(): void {
    if (this.#released !== undefined) void this.#release(PAUSE_MS)
    else if (this.#opened !== undefined) this.#idle.set(this.#options.releaseAfterIdleMs, () => this.#endTurn())
  }

  /** Releases the store when no call uses it; later calls wait for that. */
  #endTurn(): void {
    if (this.#released !== undefined || (this.#opened === undefined && this.#users === 0)) return
    this.#released = new Promise((resolve) => {
      this.#pass = resolve
    })
    if (this.#users === 0) void this.#release(0)
  }

  async #release(pauseMs: number): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    this.#idle.clear()
    this.#turn.clear()
    try {
      await (await opened)?.close()
    } catch (error) {
      this.#options.onError(error)
    }
    if (pauseMs > 0 && !this.#isClosed) await new Timer().pause(pauseMs)
    this.#released = undefined
    this.#pass()
  }
}
