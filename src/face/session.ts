import { StoreError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import type { Durability } from '../persistence/place.ts'
import { type Call, kindOf, perform } from './calls.ts'
import { firm } from './firm.ts'
import type { HostName, StoreStatus } from './status.ts'
import { statusOf } from './status.ts'
import { type Hello, type HostEvent, type HostOptions, type HostSession, type Reply, replied, toWire } from './wire.ts'

/** What a session needs of its host. */
export interface SessionHost {
  readonly name: HostName
  readonly lock: Promise<string> | undefined
  /** Resolves when nobody holds this lock any more; never where there are no locks. */
  whenFree(lock: string): Promise<void>
  join(session: Session, options: HostOptions): Promise<OpenStore>
  leave(session: Session): Promise<void>
  /** Asks who else holds the place of this session's store to give it back. */
  takeOver(): void
}

/** What one caller may ask of a host. */
export class Session implements HostSession {
  readonly #host: SessionHost
  #events: MessagePort | undefined
  #opened: OpenStore | undefined
  #durability: Durability = 'relaxed'
  #unwatch: (() => void) | undefined
  #isGone = false
  /** Why this caller's store is closed, where it did not close it itself. */
  #lost: StoreError | undefined

  constructor(host: SessionHost) {
    this.#host = host
  }

  async hello({ callerLock }: Hello, events: MessagePort): Promise<string | undefined> {
    this.#events = events
    if (callerLock !== undefined) {
      // A dead caller asks nothing more, but it must not be told of commits for ever, nor keep the store open.
      void this.#host.whenFree(callerLock).then(() => {
        this.#isGone = true
        return this.close()
      })
    }
    return this.#host.lock
  }

  open(options: HostOptions): Promise<Reply<number>> {
    return replied(async () => {
      this.#lost = undefined
      this.#opened = await this.#host.join(this, options)
      this.#durability = options.durability
      if (options.durability === 'strict' && !this.#opened.keeper) {
        throw new StoreError('INVALID_ARGUMENT', `Expected a place that keeps a log for durability "strict"`)
      }
      if (this.#isGone) await this.#host.leave(this)
      return this.#opened.store.sequence
    })
  }

  /** One transaction for all of them; resolves when every one is as firm as this caller asked for. */
  async run(calls: readonly Call[]): Promise<readonly Reply[]> {
    const opened = this.#opened
    if (!opened) return calls.map(() => ({ error: toWire(this.#closed) }))
    const { store, keeper } = opened
    const replies = store
      .batch(calls.map((call) => () => perform(store, call)))
      .map((outcome): Reply => ('error' in outcome ? { error: toWire(outcome.error) } : outcome))
    const isReading = calls.every((call) => kindOf(call) === 'read')
    const kept = await replied(() => firm(keeper, this.#durability, isReading))
    if (!('error' in kept)) return replies
    const isKept = (call: Call, reply: Reply): boolean => kindOf(call) === 'read' || 'error' in reply
    return calls.map((call, i) => {
      const reply = replies[i] ?? kept
      return isKept(call, reply) ? reply : kept
    })
  }

  status(): Promise<Reply<StoreStatus>> {
    return this.#ask(async (opened) => {
      const status = statusOf(opened, this.#host.name, this.#durability)
      await firm(opened.keeper, this.#durability, true)
      return status
    })
  }

  flush(): Promise<Reply<void>> {
    return this.#ask(async ({ store, keeper }) => {
      store.settle()
      await keeper?.kept(true)
    })
  }

  async watch(isWatching: boolean): Promise<void> {
    this.#unwatch?.()
    this.#unwatch = undefined
    if (isWatching && this.#opened) {
      this.#unwatch = this.#opened.watch((changes) => this.tell({ changes }))
    }
  }

  async takeOver(): Promise<void> {
    this.#host.takeOver()
  }

  /** The host gave the store away: what this caller asks from now on is refused so. */
  lose(error: StoreError): void {
    this.#lost = error
    this.#opened = undefined
    this.#unwatch?.()
  }

  close(): Promise<Reply<void>> {
    return replied(async () => {
      await this.watch(false)
      this.#opened = undefined
      await this.#host.leave(this)
    })
  }

  tell(event: HostEvent): void {
    this.#events?.postMessage(event)
  }

  #ask<T>(question: (opened: OpenStore) => T | Promise<T>): Promise<Reply<T>> {
    return replied(() => {
      if (!this.#opened) throw this.#closed
      return question(this.#opened)
    })
  }

  get #closed(): StoreError {
    return this.#lost ?? new StoreError('CLOSED', 'Expected an open store, got one that was closed')
  }
}
