import { expose } from 'comlink'
import { StoreError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import type { HostName } from '../protocol/status.ts'
import type { HostEvent, HostOptions } from '../protocol/wire.ts'
import { Session, type SessionHost } from './session.ts'

/** What a host needs of the thread it runs in. */
export interface HostPlatform {
  readonly name: HostName
  /** @param tell reaches everyone who waits for this store or uses it. */
  open(options: HostOptions, tell: (event: HostEvent) => void): Promise<OpenStore>
  /** Holds a Web Lock for the life of this thread; resolves with its name once it is held. Undefined where there are none. */
  holdLock?(): Promise<string>
  /** Resolves when nobody holds this lock any more. */
  whenFree?(lock: string, signal: AbortSignal): Promise<void>
  /** Tells whoever holds a storage that another host wants it, again and again. Answers what ends it. */
  requestHandover?(storage: string): () => void
  /** Calls back when another host wants a storage. Answers what ends it. */
  onHandoverRequested?(storage: string, callback: () => void): () => void
}

/** Where messages come from and go to. */
export type Endpoint = Parameters<typeof expose>[1] & {}

/** The store's thread: one store, and a session for each caller. */
export class Host implements SessionHost {
  readonly lock: Promise<string> | undefined
  readonly #platform: HostPlatform
  readonly #sessions = new Set<Session>()
  #options: HostOptions | undefined
  #opening: Promise<OpenStore> | undefined
  #closing: Promise<void> = Promise.resolve()
  #unlisten: (() => void) | undefined
  #endRequest: (() => void) | undefined
  /** Who has left and closes the store: what that has to say is for it too. */
  #last: Session | undefined

  constructor(platform: HostPlatform) {
    this.#platform = platform
    this.lock = platform.holdLock?.()
  }

  get name(): HostName {
    return this.#platform.name
  }

  whenFree(lock: string, signal: AbortSignal): Promise<void> {
    return this.#platform.whenFree?.(lock, signal) ?? new Promise(() => {})
  }

  /** Answers the calls that come from there. */
  serve(endpoint: Endpoint): void {
    expose(new Session(this), endpoint)
  }

  /** The store, opened for the first who asks and shared with the others. */
  async join(session: Session, options: HostOptions): Promise<OpenStore> {
    await this.#closing
    if (this.#options && !options.again) checkSame(this.#options, options)
    this.#sessions.add(session)
    this.#options ??= options
    this.#opening ??= this.#platform.open(this.#options, (event) => this.#tell(event))
    const opening = this.#opening
    try {
      const opened = await opening
      if (this.#opening === opening) this.#listen(options.storage)
      return opened
    } catch (error) {
      this.#sessions.delete(session)
      // The next who asks tries anew.
      if (this.#opening === opening) this.#opening = this.#options = undefined
      throw error
    } finally {
      this.#endRequest?.()
      this.#endRequest = undefined
    }
  }

  /** Closes the store when the last one leaves; until then it keeps everything for the others. */
  async leave(session: Session): Promise<void> {
    const opening = this.#opening
    if (!this.#sessions.delete(session) || !opening) return
    if (this.#sessions.size > 0) {
      const { store, persister } = await opening
      store.settle()
      await persister?.whenDurable(true)
      return
    }
    this.#last = session
    await this.#close(opening)
  }

  takeOver(): void {
    // Once it is open, this host would ask itself.
    if (this.#options && !this.#unlisten) this.#endRequest ??= this.#platform.requestHandover?.(this.#options.storage)
  }

  /**
   * Persists everything, then gives the storage to another host; those who use the store are told. Where it cannot be kept it
   * stays: who asked gets LOCKED.
   */
  async #giveWay(): Promise<void> {
    const opening = this.#opening
    if (!opening) return
    const { store, persister } = await opening
    store.settle()
    await persister?.whenDurable(true)
    // Asked twice, or left by everyone meanwhile.
    if (this.#opening !== opening) return
    const lost = 'Expected to hold the store, but another page has taken it over; reload this one'
    for (const session of this.#sessions) session.lose(new StoreError('LEASE_LOST', lost))
    this.#sessions.clear()
    await this.#close(opening)
  }

  #listen(storage: string): void {
    this.#unlisten ??= this.#platform.onHandoverRequested?.(storage, () => void this.#giveWay().catch(() => {}))
  }

  async #close(opening: Promise<OpenStore>): Promise<void> {
    this.#unlisten?.()
    this.#opening = this.#options = this.#unlisten = undefined
    const closed = opening.then((opened) => opened.close())
    this.#closing = closed
      .catch(() => {})
      .finally(() => {
        this.#last = undefined
      })
    await closed
  }

  #tell(event: HostEvent): void {
    for (const session of this.#sessions) session.tell(event)
    this.#last?.tell(event)
  }
}

/** Who joins a store may leave open what the first one chose, but not ask for something else. */
function checkSame(first: HostOptions, { seed, persistence }: HostOptions): void {
  const sizes = ['snapshotAfterLogBytes', 'snapshotAfterIdleMs', 'maxPendingBytes'] as const
  const pairs = [
    ['seed', first.seed, seed],
    ...sizes.map((name) => [`persistence.${name}`, first.persistence?.[name], persistence?.[name]] as const),
  ] as const
  for (const [name, had, wants] of pairs) {
    if (wants === undefined || wants === had) continue
    const what = `Expected ${name} ${had ?? 'left to the store'}, with which it is open in another tab`
    throw new StoreError('INVALID_ARGUMENT', `${what}, got ${wants}`)
  }
}
