import { COLLECTIONS } from '../collections.ts'
import { closedError, StoreError } from '../errors.ts'
import type { Progress } from '../learning/progress.ts'
import { checkCall } from '../limits.ts'
import { type Call, kindOf } from '../protocol/calls.ts'
import type { Change, Channel, ClientPlatform } from '../protocol/channel.ts'
import type { StoreStatus } from '../protocol/status.ts'
import { answerOf, fromWire, type HostEvent, type HostOptions, type Reply } from '../protocol/wire.ts'
import type { Job, JobResults } from '../transfer/job.ts'
import { clonePlain, withExperienceIds } from './clone-arguments.ts'
import type { ConnectionLoss } from './connection-loss.ts'
import { OpenedAgents } from './opened-agents.ts'
import type { RemoteSession } from './remote-session.ts'

/** A connection to a live host. */
export interface Link {
  readonly session: RemoteSession
  /** Signals WORKER_LOST when the host is gone, and CLOSED when the connection ends. */
  readonly loss: ConnectionLoss
  /** Disconnects; a host of one client ends. */
  end(): void
  /** Whether the connection keeps this process alive, in Node; at first it does. */
  keepAlive?(isNeeded: boolean): void
}

export interface RemoteOptions {
  /** Starts a host, or connects to a running one. Rejects with WORKER_LOST or UNSUPPORTED. */
  readonly connect: (onEvent: (event: HostEvent) => void) => Promise<Link>
  /** Called for each connection. */
  readonly open: () => HostOptions
  readonly newId: () => string
  /** @param takeOver asks the current holder of the storage to release it */
  readonly onEvent: (event: HostEvent, takeOver: () => void) => void
  readonly platform: ClientPlatform
}

type Tick = (progress: Progress) => Promise<boolean>

/** A call without a reply yet. */
interface Pending {
  readonly call: Call
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** How often it was sent, or could not be sent for lack of a host. */
  attempts: number
}

/** A call that kills its worker must not kill every successor. */
const MAX_ATTEMPTS = 3
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000

/** A channel to a store in another thread. Reconnects when the host is lost. */
export class RemoteChannel implements Channel {
  readonly #options: RemoteOptions
  readonly #agents = new OpenedAgents()
  #linking: Promise<Link> | undefined
  #wasOpen = false
  /** The calls of this tick. */
  #waiting: Pending[] = []
  /** Messages that were sent or wait for a host, in order. */
  readonly #inFlight = new Set<readonly Pending[]>()
  readonly #sending = new Set<Promise<void>>()
  readonly #observers = new Set<(change: Change) => void>()
  readonly #ticks = new Map<number, (progress: Progress) => Promise<void>>()
  #nextWork = 0
  #isRejoining = false
  #closing: Promise<void> | undefined

  constructor(options: RemoteOptions) {
    this.#options = options
  }

  /** Resolves when the store is open. */
  async open(): Promise<void> {
    await this.#link()
  }

  async send(call: Call): Promise<unknown> {
    if (this.#closing !== undefined) throw closedError()
    checkCall(call.args, kindOf(call) === 'read')
    const copy = withExperienceIds({ ...call, args: clonePlain(call.args) }, this.#options.newId)
    const result = await new Promise((resolve, reject) => {
      this.#wait([{ call: copy, resolve, reject, attempts: 0 }])
    })
    this.#agents.note(copy)
    return result
  }

  async status(): Promise<StoreStatus> {
    return (await this.send({ on: 'host', method: 'status', args: [] })) as StoreStatus
  }

  async work(job: Job, tick: Tick): Promise<JobResults[Job['kind']]> {
    if (this.#closing !== undefined) throw closedError()
    const id = this.#nextWork++
    const result = Promise.all(this.#sending).then(async () => {
      const { session, loss } = await this.#link()
      this.#ticks.set(id, (progress) => tick(progress).then((isWanted) => session.continueWork(id, isWanted)))
      return answerOf(await loss.unlessLost(session.work(id, job)))
    })
    const sending = result.then(
      () => {},
      () => {},
    )
    this.#sending.add(sending)
    return result.finally(() => {
      this.#ticks.delete(id)
      this.#sending.delete(sending)
    }) as Promise<JobResults[Job['kind']]>
  }

  async flush(): Promise<void> {
    await this.send({ on: 'host', method: 'flush', args: [] })
  }

  async refresh(): Promise<number> {
    return (await this.send({ on: 'host', method: 'refresh', args: [] })) as number
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  watch(observer: (change: Change) => void): () => void {
    this.#observers.add(observer)
    if (this.#observers.size === 1) this.#beginWatching()
    return () => {
      if (!this.#observers.delete(observer) || this.#observers.size > 0) return
      void this.#linking?.then(({ session }) => session.watch(false)).catch(() => {})
    }
  }

  /** Sends calls at the end of this tick, in one message. */
  #wait(pending: readonly Pending[]): void {
    if (pending.length === 0) return
    const isFirst = this.#waiting.length === 0
    // One by one: copying the list would be quadratic, and spreading it overflows the stack.
    for (const one of pending) this.#waiting.push(one)
    if (!isFirst) return
    const sending = Promise.resolve()
      .then(() => this.#dispatch())
      .finally(() => this.#sending.delete(sending))
    this.#sending.add(sending)
  }

  /** Resolves when each call is settled, or is queued again because its host was lost. */
  async #dispatch(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    this.#inFlight.add(batch)
    for (const pending of batch) pending.attempts++
    try {
      const { session, loss } = await this.#link()
      const replies = await loss.unlessLost(session.run(batch.map(({ call }) => call)))
      for (const [i, pending] of batch.entries()) settle(pending, replies[i])
    } catch (error) {
      // Otherwise `#lost` has handled it.
      if (this.#inFlight.has(batch)) this.#failed(batch, error)
    } finally {
      this.#inFlight.delete(batch)
    }
  }

  /** Resends idempotent calls, before later ones; rejects the rest. */
  #failed(pending: readonly Pending[], error: unknown): void {
    const isLost = error instanceof StoreError && error.code === 'WORKER_LOST'
    const isResendable = ({ call, attempts }: Pending): boolean =>
      isLost && kindOf(call) !== 'not-idempotent' && attempts < MAX_ATTEMPTS
    for (const one of pending) if (!isResendable(one)) one.reject(error)
    const later = this.#waiting
    this.#waiting = []
    this.#wait(pending.filter(isResendable).concat(later))
  }

  #link(): Promise<Link> {
    if (this.#linking) return this.#linking
    const linking = this.#connect()
    this.#linking = linking
    linking.catch(() => {
      // The next call tries again.
      if (this.#linking === linking) this.#linking = undefined
    })
    return linking
  }

  async #connect(): Promise<Link> {
    const takeOver = (): void => void link.session.takeOver().catch(this.#options.platform.report)
    const link: Link = await this.#options.connect((event) => this.#received(event, takeOver))
    const { session, loss } = link
    try {
      const isReconnect = this.#wasOpen
      const sequence = answerOf(await loss.unlessLost(session.open({ ...this.#options.open(), isReconnect })))
      if (isReconnect) await loss.unlessLost(this.#agents.restore(session))
      if (this.#observers.size > 0) await loss.unlessLost(session.watch(true))
      this.#wasOpen = true
      loss.onLost((error) => this.#lost(link, error))
      // Commits between two hosts may have been missed.
      if (isReconnect) this.#changed([{ sequence, collections: COLLECTIONS }])
      return link
    } catch (error) {
      link.end()
      throw error
    }
  }

  #lost(link: Link, error: StoreError): void {
    if (error.code === 'CLOSED') return
    link.end()
    this.#linking = undefined
    const sent = [...this.#inFlight].flat()
    this.#inFlight.clear()
    this.#failed(sent, error)
    this.#rejoin(FIRST_PAUSE_MS)
  }

  /** A client that only listens must follow the next host, too. */
  #rejoin(pauseMs: number): void {
    if (this.#isRejoining || this.#observers.size === 0 || this.#closing !== undefined) return
    this.#isRejoining = true
    const { later, report } = this.#options.platform
    this.#link().then(
      () => {
        this.#isRejoining = false
      },
      (error: unknown) => {
        if (pauseMs === FIRST_PAUSE_MS) report(error)
        later(pauseMs, () => {
          this.#isRejoining = false
          this.#rejoin(Math.min(2 * pauseMs, LONGEST_PAUSE_MS))
        })
      },
    )
  }

  #beginWatching(): void {
    const linking = this.#linking
    if (!linking) this.#rejoin(FIRST_PAUSE_MS)
    // If it fails, reconnecting turns it on.
    else void linking.then(({ session, loss }) => loss.unlessLost(session.watch(true))).catch(() => {})
  }

  #received(event: HostEvent, takeOver: () => void): void {
    if ('changes' in event) this.#changed(event.changes)
    else if ('work' in event) this.#ticks.get(event.work)?.(event.progress).catch(this.#options.platform.report)
    else this.#options.onEvent(event, takeOver)
  }

  #changed(changes: readonly Change[]): void {
    for (const change of changes) for (const observer of this.#observers) observer(change)
  }

  async #close(): Promise<void> {
    this.#observers.clear()
    // Earlier calls are answered first.
    while (this.#sending.size > 0) await Promise.all(this.#sending)
    if (!this.#wasOpen) return
    // A lost host did not release its storage: a new one does.
    const link = await this.#link()
    try {
      answerOf(await link.loss.unlessLost(link.session.close()))
    } finally {
      link.end()
    }
  }
}

function settle({ resolve, reject }: Pending, reply: Reply | undefined): void {
  if (reply && 'result' in reply) resolve(reply.result)
  else reject(reply ? fromWire(reply.error) : new StoreError('WORKER_LOST', 'The worker sent no reply'))
}
