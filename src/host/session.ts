import { invalid } from '../checks.ts'
import { COLLECTIONS } from '../collections.ts'
import { abortedError, closedError, type StoreError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import type { Durability } from '../persistence/storage.ts'
import { CallQueue } from '../protocol/call-queue.ts'
import { type Call, kindOf, operationOf } from '../protocol/calls.ts'
import { awaitDurability } from '../protocol/durability.ts'
import { type HostName, type StoreStatus, statusOf } from '../protocol/status.ts'
import {
  type Hello,
  type HostEvent,
  type HostOptions,
  type HostSession,
  type Reply,
  replied,
  toWire,
} from '../protocol/wire.ts'
import type { Job } from '../transfer/job.ts'

/** What a session needs of its host. */
export interface SessionHost {
  readonly name: HostName
  readonly lock: Promise<string> | undefined
  /** Resolves when nobody holds this lock any more; never where there are no locks. */
  whenFree(lock: string, signal: AbortSignal): Promise<void>
  join(session: Session, options: HostOptions): Promise<OpenStore>
  leave(session: Session): Promise<void>
  /** Asks who else holds the storage of this session's store to give it back. */
  takeOver(): void
}

/** What one caller may ask of a host. */
export class Session implements HostSession {
  readonly #host: SessionHost
  #events: MessagePort | undefined
  #opened: OpenStore | undefined
  #durability: Durability = 'relaxed'
  #unwatch: (() => void) | undefined
  readonly #queue = new CallQueue()
  readonly #ended = new AbortController()
  /** What waits for the caller to say whether to go on, by the ids of long work. */
  readonly #waiting = new Map<number, (isWanted: boolean) => void>()
  /** Why this caller's store is closed, where it did not close it itself. */
  #lost: StoreError | undefined

  constructor(host: SessionHost) {
    this.#host = host
  }

  async hello({ callerLock }: Hello, events: MessagePort): Promise<string | undefined> {
    this.#events = events
    if (callerLock !== undefined) {
      // A dead caller asks nothing more, but it must not be told of commits for ever, nor keep the store open.
      void this.#host.whenFree(callerLock, this.#ended.signal).then(() => this.close())
    }
    return this.#host.lock
  }

  open(options: HostOptions): Promise<Reply<number>> {
    return replied(async () => {
      this.#lost = undefined
      const opened = await this.#host.join(this, options)
      const isRefused = options.durability === 'strict' && opened.storage.persists !== 'log'
      if (isRefused || this.#ended.signal.aborted) await this.#host.leave(this)
      if (isRefused) throw invalid('the storage', 'one that keeps a log for durability "strict"', options.storage)
      if (this.#ended.signal.aborted) throw closedError()
      this.#opened = opened
      this.#durability = options.durability
      return opened.store.sequence
    })
  }

  /**
   * One transaction for all of them, once what they need is loaded; resolves when every one is as awaitDurability as this caller asked
   * for.
   */
  run(calls: readonly Call[]): Promise<readonly Reply[]> {
    return this.#queue.take(this.#opened?.store.lazyModules.ready(calls), () => this.#run(calls))
  }

  async #run(calls: readonly Call[]): Promise<readonly Reply[]> {
    const opened = this.#opened
    if (!opened) return calls.map(() => ({ error: toWire(this.#lost ?? closedError()) }))
    const { store, persister } = opened
    // What the host answers comes after the operations of this tick.
    const outcomes = store.run(calls.filter(({ on }) => on !== 'host').map(operationOf)).values()
    // As it is now: with `strict` others may commit while this waits for what they see.
    const status = calls.some(({ method }) => method === 'status') ? this.#status(opened) : undefined
    const isReading = calls.every((call) => kindOf(call) === 'read')
    const kept = await replied(() => awaitDurability(persister, this.#durability, isReading))
    return Promise.all(
      calls.map(async (call): Promise<Reply> => {
        if (call.on === 'host') return call.method === 'status' ? { answer: status } : this.#flush(opened)
        const outcome = outcomes.next().value ?? { error: closedError() }
        if ('error' in outcome) return { error: toWire(outcome.error) }
        return 'error' in kept && kindOf(call) !== 'read' ? kept : outcome
      }),
    )
  }

  work(id: number, job: Job): Promise<Reply> {
    return this.#inTurn(async () => {
      const opened = this.#opened
      if (!opened) throw this.#lost ?? closedError()
      const answer = await opened.work(job, async (progress) => {
        if (this.#ended.signal.aborted) throw abortedError()
        const isWanted = await new Promise<boolean>((resolve) => {
          this.#waiting.set(id, resolve)
          this.tell({ work: id, progress })
        })
        if (!isWanted) throw abortedError()
      })
      await awaitDurability(opened.persister, this.#durability, false)
      return answer
    })
  }

  async goOn(id: number, isWanted: boolean): Promise<void> {
    this.#waiting.get(id)?.(isWanted)
    this.#waiting.delete(id)
  }

  async watch(isWatching: boolean): Promise<void> {
    this.#unwatch?.()
    this.#unwatch = undefined
    const opened = this.#opened
    if (!isWatching || !opened) return
    this.#unwatch = opened.watch(async (changes) => {
      await awaitDurability(opened.persister, this.#durability, true)
      this.tell({ changes })
    })
  }

  async takeOver(): Promise<void> {
    this.#host.takeOver()
  }

  /** The host gave the store away: what this caller asks from now on is refused so. */
  lose(error: StoreError): void {
    this.#unwatch?.()
    this.#lost = error
    this.#opened = undefined
    // Who only listens asks then, and meets the error.
    this.tell({ changes: [{ sequence: 0, collections: COLLECTIONS }] })
  }

  close(): Promise<Reply<void>> {
    return this.#inTurn(async () => {
      await this.watch(false)
      this.#opened = undefined
      this.#ended.abort()
      // Nobody is left who wants it.
      for (const goOn of this.#waiting.values()) goOn(false)
      await this.#host.leave(this).finally(() => this.#events?.close())
    })
  }

  tell(event: HostEvent): void {
    this.#events?.postMessage(event)
  }

  #inTurn<T>(begin: () => Promise<T>): Promise<Reply<T>> {
    return this.#queue.take(undefined, () => replied(begin))
  }

  #status(opened: OpenStore): StoreStatus {
    return statusOf(opened, this.#host.name, this.#durability)
  }

  #flush({ store, persister }: OpenStore): Promise<Reply> {
    return replied(() => {
      store.settle()
      return persister?.whenDurable(true)
    })
  }
}
