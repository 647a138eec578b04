import { checkCount, checkNumber, isObject } from '../checks.ts'
import type { Link } from '../client/remote-channel.ts'
import { closedError, StoreError } from '../errors.ts'
import { Turns } from '../persistence/turns.ts'
import type { Call } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import { answerOf, type HostOptions, type Reply } from '../protocol/wire.ts'

const TIMEOUT_MS = 10_000
/** The longest time of timers. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1
/** How long a query runs on while the store is being closed. */
const CLOSE_AFTER_MS = 2_000

/** Where queries run that have a time limit. */
export interface QueryThread {
  /** Starts a thread of its own. @throws WORKER_LOST, UNSUPPORTED */
  start(): Promise<Link>
  /** What it opens: the storage of the channel. */
  readonly options: Omit<HostOptions, 'durability'>
}

/**
 * Runs queries in a thread of their own, one after the other: a read-only store beside the one of the channel. It is opened once, follows
 * before each query, and is ended at a time-out. Where there can be no such thread, a query runs in that of the store.
 */
export class QueryReader {
  readonly #channel: Channel
  readonly #thread: QueryThread
  #linking: Promise<Link> | undefined
  #isAvailable = true
  readonly #turns = new Turns()
  /** How long the query that runs may take. */
  #running: Deadline | undefined
  #isClosing = false

  constructor(channel: Channel, thread: QueryThread) {
    this.#channel = channel
    this.#thread = thread
  }

  /** Whether a thread can be started, as far as is known. */
  get isAvailable(): boolean {
    return this.#isAvailable
  }

  /** @param flushed settles when what was written before can be read. @throws TIMEOUT, and as the query does */
  run(call: Call, flushed: Promise<void>): Promise<unknown> {
    const timeoutMs = timeoutOf(call)
    return this.#turns.take(() => this.#inTurn(call, flushed, timeoutMs))
  }

  /** Ends the thread, after the queries before: from now on they have little time. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#running?.shorten(CLOSE_AFTER_MS)
    await this.#turns.take(() => this.#end())
  }

  async #inTurn(call: Call, flushed: Promise<void>, timeoutMs: number): Promise<unknown> {
    const link = this.#isAvailable ? await this.#following(flushed) : undefined
    if (!link) return this.#channel.send(call)
    const late = new Deadline(timeoutMs)
    if (this.#isClosing) late.shorten(CLOSE_AFTER_MS)
    this.#running = late
    try {
      return await Promise.race([
        this.#ask(link, call),
        late.passed.then((isShortened) => stopped(isShortened ? undefined : timeoutMs)),
      ])
    } catch (error) {
      const isOver = error instanceof StoreError && ['TIMEOUT', 'CLOSED', 'WORKER_LOST'].includes(error.code)
      if (isOver) await this.#end()
      throw error
    } finally {
      this.#running = undefined
      late.cancel()
      link.keepAlive?.(false)
    }
  }

  /** The thread, once it has what the store has; undefined if it cannot: the storage fails, or there are no threads here. */
  async #following(flushed: Promise<void>): Promise<Link | undefined> {
    try {
      await flushed
      this.#linking ??= this.#start()
      const link = await this.#linking
      link.keepAlive?.(true)
      const sequence = await this.#ask(link, { on: 'host', method: 'refresh', args: [] })
      if (!this.#thread.options.readOnly) return link
      // A read-only store shows what it has read, also to a query.
      if ((await this.#channel.status()).sequence === sequence) return link
      link.keepAlive?.(false)
      return undefined
    } catch {
      await this.#end()
      return undefined
    }
  }

  async #start(): Promise<Link> {
    let link: Link
    try {
      link = await this.#thread.start()
    } catch (error) {
      this.#isAvailable = false
      throw error
    }
    try {
      const opening = link.session.open({ ...this.#thread.options, durability: 'relaxed', readOnly: true })
      answerOf(await link.loss.unlessLost(opening))
      return link
    } catch (error) {
      link.end()
      throw error
    }
  }

  async #ask({ loss, session }: Link, call: Call): Promise<unknown> {
    const [reply] = await loss.unlessLost(session.run([call]))
    return answerOf(reply as Reply)
  }

  async #end(): Promise<void> {
    const linking = this.#linking
    this.#linking = undefined
    await linking?.then(
      (link) => link.end(),
      () => {},
    )
  }
}

function timeoutOf({ args }: Call): number {
  const [, , options] = args
  const { timeoutMs = TIMEOUT_MS } = isObject(options) ? (options as { timeoutMs?: number }) : {}
  return checkCount(checkNumber(timeoutMs, 'timeoutMs', 1, MAX_TIMEOUT_MS), 'timeoutMs', 1)
}

/** @param timeoutMs undefined if it was stopped because the store is being closed */
function stopped(timeoutMs: number | undefined): never {
  if (timeoutMs === undefined) throw closedError()
  throw new StoreError(
    'TIMEOUT',
    `The query ran longer than ${timeoutMs} ms and was stopped. Make it cheaper, or raise \`timeoutMs\`.`,
  )
}

/** A time that passes, unless it is no longer waited for. */
class Deadline {
  /** Resolves with whether the time was shortened. */
  readonly passed: Promise<boolean>
  readonly #end: number
  #pass: (isShortened: boolean) => void = () => {}
  #timer: ReturnType<typeof setTimeout>

  constructor(ms: number) {
    this.passed = new Promise((resolve) => {
      this.#pass = resolve
    })
    this.#end = performance.now() + ms
    this.#timer = setTimeout(() => this.#pass(false), ms)
  }

  /** Lets it pass after this time, if that is sooner. */
  shorten(ms: number): void {
    if (performance.now() + ms >= this.#end) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#pass(true), ms)
  }

  cancel(): void {
    clearTimeout(this.#timer)
  }
}
