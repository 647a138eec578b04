import { StoreError } from '../errors.ts'
import { FAMILIES } from '../families.ts'
import { type Call, kindOf } from './calls.ts'
import type { Change, Channel } from './channel.ts'
import { copied, identified, uncloneable } from './copied.ts'
import type { Loss } from './loss.ts'
import type { RemoteSession } from './remote-session.ts'
import type { StoreStatus } from './status.ts'
import { answerOf, fromWire, type HostEvent, type HostOptions, type Reply } from './wire.ts'

/** A way to a host that lives. */
export interface Link {
  readonly session: RemoteSession
  /** Comes with WORKER_LOST when the host is gone, and with CLOSED when it is let go. */
  readonly loss: Loss
  /** Lets go of the host; a host of one caller ends. */
  end(): void
}

export interface RemoteOptions {
  /** Starts a host, or finds the one that is there. Rejects with WORKER_LOST or UNSUPPORTED. */
  readonly connect: (onEvent: (event: HostEvent) => void) => Promise<Link>
  readonly open: HostOptions
  readonly newId: () => string
  /** @param takeOver asks who holds the place to give it back. */
  readonly onEvent: (event: HostEvent, takeOver: () => void) => void
  readonly report: (error: unknown) => void
}

/** A call that was not answered yet. */
interface Pending {
  readonly call: Call
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
  /** How often it was sent. */
  sent: number
}

/** A call that kills its worker must not kill each of its successors. */
const MOST_SENDS = 3

/** The way to a store in another thread. */
export class RemoteChannel implements Channel {
  readonly #options: RemoteOptions
  #linking: Promise<Link> | undefined
  /** Calls of this tick. */
  #waiting: Pending[] = []
  /** Calls that were sent, in their order. */
  readonly #inFlight = new Set<Pending>()
  readonly #sending = new Set<Promise<void>>()
  readonly #observers = new Set<(change: Change) => void>()
  #closing: Promise<void> | undefined

  constructor(options: RemoteOptions) {
    this.#options = options
  }

  /** Resolves when the store is open. */
  async open(): Promise<void> {
    await this.#link()
  }

  send(call: Call): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(closed())
    const mine = identified({ ...call, args: copied(call.args) }, this.#options.newId)
    return new Promise((resolve, reject) => {
      this.#wait({ call: mine, resolve, reject, sent: 0 })
    })
  }

  async status(): Promise<StoreStatus> {
    if (this.#closing !== undefined) throw closed()
    return this.#ask((session) => session.status())
  }

  async flush(): Promise<void> {
    if (this.#closing !== undefined) throw closed()
    await this.#ask((session) => session.flush())
  }

  /** Asks for a flush without waiting for it: there may be no time left. */
  flushSoon(): void {
    const linking = this.#closing === undefined ? this.#linking : undefined
    void linking?.then(({ session }) => session.flush()).catch(() => {})
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  watch(observer: (change: Change) => void): () => void {
    this.#observers.add(observer)
    if (this.#observers.size === 1) this.#tellWatching(true)
    return () => {
      if (this.#observers.delete(observer) && this.#observers.size === 0) this.#tellWatching(false)
    }
  }

  /** Sends them at the end of this tick, in one message. */
  #wait(...pending: readonly Pending[]): void {
    const isFirst = this.#waiting.length === 0
    this.#waiting.push(...pending)
    if (!isFirst || pending.length === 0) return
    const sending = Promise.resolve()
      .then(() => this.#dispatch())
      .finally(() => this.#sending.delete(sending))
    this.#sending.add(sending)
  }

  async #dispatch(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    try {
      await this.#send(await this.#link(), batch)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  /** Resolves when each of them is settled, or its host was lost. */
  async #send(link: Link, batch: readonly Pending[]): Promise<void> {
    for (const pending of batch) {
      pending.sent++
      this.#inFlight.add(pending)
    }
    try {
      const replies = await link.loss.unlessLost(link.session.run(batch.map(({ call }) => call)))
      for (const [i, { resolve, reject }] of batch.entries()) {
        const reply = replies[i]
        if (reply && 'answer' in reply) resolve(reply.answer)
        else reject(reply ? fromWire(reply.error) : new StoreError('WORKER_LOST', 'Expected an answer, got none'))
      }
    } catch (error) {
      // Lost: it is settled or will be sent again.
      if (!batch.some((pending) => this.#inFlight.has(pending))) return
      if (!(error instanceof DOMException && error.name === 'DataCloneError')) throw error
      if (batch.length === 1) throw uncloneable(batch[0]?.call.args ?? [], error)
      // One argument that cannot be cloned keeps the whole message from being sent.
      await Promise.all(batch.map((pending) => this.#send(link, [pending]).catch(pending.reject)))
    } finally {
      for (const pending of batch) this.#inFlight.delete(pending)
    }
  }

  /** One question outside the batches. Rejects with WORKER_LOST when the host is lost before it answers. */
  async #ask<T>(question: (session: RemoteSession) => Promise<Reply<T>>): Promise<T> {
    const { session, loss } = await this.#link()
    return answerOf(await loss.unlessLost(question(session)))
  }

  #link(): Promise<Link> {
    if (this.#linking) return this.#linking
    const linking = this.#connect()
    this.#linking = linking
    linking.catch(() => {
      // The next call tries anew.
      if (this.#linking === linking) this.#linking = undefined
    })
    return linking
  }

  async #connect(): Promise<Link> {
    const takeOver = (): void => void link.session.takeOver().catch(this.#options.report)
    const link: Link = await this.#options.connect((event) => this.#heard(event, takeOver))
    link.loss.onLost((error) => this.#lost(link, error))
    try {
      answerOf(await link.loss.unlessLost(link.session.open(this.#options.open)))
      if (this.#observers.size > 0) await link.loss.unlessLost(link.session.watch(true))
    } catch (error) {
      link.end()
      throw error
    }
    return link
  }

  /** The host is gone: what may be sent again is, before what has come since; the rest is told. */
  #lost(link: Link, error: StoreError): void {
    if (error.code === 'CLOSED') return
    link.end()
    this.#linking = undefined
    const sent = [...this.#inFlight]
    this.#inFlight.clear()
    const isAgain = ({ call, sent }: Pending): boolean => kindOf(call) !== 'once' && sent < MOST_SENDS
    for (const pending of sent) if (!isAgain(pending)) pending.reject(error)
    const later = this.#waiting.splice(0)
    this.#wait(...sent.filter(isAgain), ...later)
    if (this.#observers.size > 0 && this.#closing === undefined) this.#watchSuccessor()
  }

  /** Who only listens must hear of the successor too, and that it may have missed something. */
  #watchSuccessor(): void {
    this.#ask((session) => session.status()).then(
      ({ sequence }) => this.#changed([{ sequence, families: FAMILIES }]),
      this.#options.report,
    )
  }

  #tellWatching(isWatching: boolean): void {
    // Where there is no link yet, connecting tells it; where it fails, whoever needs it is told.
    void this.#linking?.then(({ session }) => session.watch(isWatching)).catch(() => {})
  }

  #heard(event: HostEvent, takeOver: () => void): void {
    if ('changes' in event) this.#changed(event.changes)
    else this.#options.onEvent(event, takeOver)
  }

  #changed(changes: readonly Change[]): void {
    for (const change of changes) for (const tell of this.#observers) tell(change)
  }

  async #close(): Promise<void> {
    this.#observers.clear()
    // What was asked before is answered before.
    while (this.#sending.size > 0) await Promise.all(this.#sending)
    const link = await this.#linking?.catch(() => undefined)
    if (!link) return
    try {
      answerOf(await link.loss.unlessLost(link.session.close()))
    } finally {
      link.end()
    }
  }
}

function closed(): StoreError {
  return new StoreError('CLOSED', 'Expected an open store, got one that was closed')
}
