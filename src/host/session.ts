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
  toReply,
  toWire,
} from '../protocol/wire.ts'
import type { Job } from '../transfer/job.ts'

/** What a session needs from its host. */
export interface SessionHost {
  readonly name: HostName
  readonly lock: Promise<string> | undefined
  /** Resolves when no one holds this lock any more; never where there are no locks. */
  whenFree(lock: string, signal: AbortSignal): Promise<void>
  join(session: Session, options: HostOptions): Promise<OpenStore>
  leave(session: Session): Promise<void>
  /** Asks the current holder of the storage to release it. */
  takeOver(): void
}

/** A client's connection to a host. */
export class Session implements HostSession {
  readonly #host: SessionHost
  #events: MessagePort | undefined
  #opened: OpenStore | undefined
  #durability: Durability = 'relaxed'
  #unwatch: (() => void) | undefined
  readonly #queue = new CallQueue()
  readonly #ended = new AbortController()
  /** Long operations that wait for `continueWork`, by id. */
  readonly #waiting = new Map<number, (isWanted: boolean) => void>()
  /** Why the store is closed, if this client did not close it itself. */
  #lost: StoreError | undefined

  constructor(host: SessionHost) {
    this.#host = host
  }

  async hello({ clientLock }: Hello, events: MessagePort): Promise<string | undefined> {
    this.#events = events
    if (clientLock !== undefined) {
      // A dead client must neither receive events for ever nor keep the store open.
      void this.#host.whenFree(clientLock, this.#ended.signal).then(() => this.close())
    }
    return this.#host.lock
  }

  open(options: HostOptions): Promise<Reply<number>> {
    return toReply(async () => {
      this.#lost = undefined
      const opened = await this.#host.join(this, options)
      const isRefused = options.durability === 'strict' && opened.storage.persists !== 'log'
      if (isRefused || this.#ended.signal.aborted) await this.#host.leave(this)
      if (isRefused) throw invalid('the storage', 'one with a log for durability "strict"', options.storage)
      if (this.#ended.signal.aborted) throw closedError()
      this.#opened = opened
      this.#durability = options.durability
      return opened.store.sequence
    })
  }

  /**
   * Runs the calls in one transaction, once the modules that they need are loaded. Resolves when all are as durable as
   * this client's durability requires.
   */
  run(calls: readonly Call[]): Promise<readonly Reply[]> {
    const opened = this.#opened
    // A refresh comes before the operations of its message, which may see the later state.
    const isRefreshing = opened && calls.some(({ on, method }) => on === 'host' && method === 'refresh')
    const refreshed = isRefreshing ? toReply(() => opened.refresh()) : undefined
    return this.#queue.take(opened?.ready(calls), () => this.#run(calls, refreshed))
  }

  async #run(calls: readonly Call[], refreshed: Promise<Reply> | undefined): Promise<readonly Reply[]> {
    const opened = this.#opened
    if (!opened) return calls.map(() => ({ error: toWire(this.#lost ?? closedError()) }))
    const { store, persister } = opened
    // The host's own calls (status, flush) come after the operations of the message.
    const operations = calls.filter(({ on }) => on !== 'host').map(operationOf)
    const outcomes = store.run(operations).values()
    // Taken now: with `strict`, others may commit while this waits for durability.
    const status = calls.some(({ method }) => method === 'status') ? this.#status(opened) : undefined
    const isReading = calls.every((call) => kindOf(call) === 'read')
    const durable = await toReply(() => awaitDurability(persister, this.#durability, isReading))
    return Promise.all(
      calls.map(async (call): Promise<Reply> => {
        if (call.on === 'host' && call.method === 'status') return { result: status }
        if (call.on === 'host') return (call.method === 'refresh' ? refreshed : undefined) ?? this.#flush(opened)
        // `map` calls this in order, so the next outcome is this call's.
        const outcome = outcomes.next().value ?? { error: closedError() }
        if ('error' in outcome) return { error: toWire(outcome.error) }
        return 'error' in durable && kindOf(call) !== 'read' ? durable : outcome
      }),
    )
  }

  work(id: number, job: Job): Promise<Reply> {
    return this.#inTurn(async () => {
      const opened = this.#opened
      if (!opened) throw this.#lost ?? closedError()
      const result = await opened.work(job, async (progress) => {
        if (this.#ended.signal.aborted) throw abortedError()
        const isWanted = await new Promise<boolean>((resolve) => {
          this.#waiting.set(id, resolve)
          this.notify({ work: id, progress })
        })
        if (!isWanted) throw abortedError()
      })
      await awaitDurability(opened.persister, this.#durability, false)
      return result
    })
  }

  async continueWork(id: number, isWanted: boolean): Promise<void> {
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
      this.notify({ changes })
    })
  }

  async takeOver(): Promise<void> {
    this.#host.takeOver()
  }

  /** The host released the store to another one: later calls are rejected with this error. */
  lose(error: StoreError): void {
    this.#unwatch?.()
    this.#lost = error
    this.#opened = undefined
    // A client that only listens then calls, and receives the error.
    this.notify({ changes: [{ sequence: 0, collections: COLLECTIONS }] })
  }

  close(): Promise<Reply<void>> {
    return this.#inTurn(async () => {
      await this.watch(false)
      this.#opened = undefined
      this.#ended.abort()
      // No one wants the results any more.
      for (const resolve of this.#waiting.values()) resolve(false)
      await this.#host.leave(this).finally(() => this.#events?.close())
    })
  }

  notify(event: HostEvent): void {
    this.#events?.postMessage(event)
  }

  #inTurn<T>(start: () => Promise<T>): Promise<Reply<T>> {
    return this.#queue.take(undefined, () => toReply(start))
  }

  #status(opened: OpenStore): StoreStatus {
    return statusOf(opened, this.#host.name, this.#durability)
  }

  #flush({ store, persister }: OpenStore): Promise<Reply> {
    return toReply(() => {
      store.settle()
      return persister?.whenDurable(true)
    })
  }
}
