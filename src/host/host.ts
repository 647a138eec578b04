import { expose } from 'comlink'
import { StoreError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import type { HostName } from '../protocol/status.ts'
import type { HostEvent, HostOptions } from '../protocol/wire.ts'
import { Session, type SessionHost } from './session.ts'

/** What a host needs from the thread it runs in. */
export interface HostPlatform {
  readonly name: HostName
  /** Opens the store. @param notify sends an event to every client that waits for the store or uses it */
  open(options: HostOptions, notify: (event: HostEvent) => void): Promise<OpenStore>
  /**
   * Holds a Web Lock for the life of this thread and resolves with its name. Undefined where there are no Web Locks.
   */
  holdLock?(): Promise<string>
  /** Resolves when no one holds this lock any more. */
  whenFree?(lock: string, signal: AbortSignal): Promise<void>
  /** Repeatedly asks the current holder of a storage to release it. Returns a function that stops asking. */
  requestHandover?(storage: string): () => void
  /** Calls back when another host asks for a storage. Returns a function that stops listening. */
  onHandoverRequested?(storage: string, callback: () => void): () => void
}

/** The other end of a message channel. */
export type Endpoint = Parameters<typeof expose>[1] & {}

/** The thread that owns a store, with a session for each client. */
export class Host implements SessionHost {
  readonly lock: Promise<string> | undefined
  readonly #platform: HostPlatform
  readonly #sessions = new Set<Session>()
  #options: HostOptions | undefined
  #opening: Promise<OpenStore> | undefined
  #closing: Promise<void> = Promise.resolve()
  #stopListening: (() => void) | undefined
  #stopRequesting: (() => void) | undefined
  /** The session that is closing the store: events sent meanwhile are for it, too. */
  #closingSession: Session | undefined

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

  /** Serves the client at an endpoint. */
  serve(endpoint: Endpoint): void {
    expose(new Session(this), endpoint)
  }

  /** Opens the store for the first session, and shares it with later ones. */
  async join(session: Session, options: HostOptions): Promise<OpenStore> {
    await this.#closing
    if (this.#options && !options.isReconnect) checkCompatible(this.#options, options)
    this.#sessions.add(session)
    this.#options ??= options
    this.#opening ??= this.#platform.open(this.#options, (event) => this.#notify(event))
    const opening = this.#opening
    try {
      const opened = await opening
      // A reader has nothing to hand over.
      if (this.#opening === opening && !options.readOnly) this.#listen(options.storage)
      return opened
    } catch (error) {
      this.#sessions.delete(session)
      // The next session tries again.
      if (this.#opening === opening) this.#opening = this.#options = undefined
      throw error
    } finally {
      this.#stopRequesting?.()
      this.#stopRequesting = undefined
    }
  }

  /** Closes the store when the last session leaves; until then persists everything for the others. */
  async leave(session: Session): Promise<void> {
    const opening = this.#opening
    if (!this.#sessions.delete(session) || !opening) return
    if (this.#sessions.size > 0) {
      const { store, persister } = await opening
      store.settle()
      await persister?.whenDurable(true)
      return
    }
    this.#closingSession = session
    await this.#close(opening)
  }

  takeOver(): void {
    // After opening, this host would ask itself.
    if (this.#options && !this.#stopListening)
      this.#stopRequesting ??= this.#platform.requestHandover?.(this.#options.storage)
  }

  /**
   * Persists everything, then releases the storage to another host and informs the clients. If the storage fails, this
   * host keeps it, and the other opening rejects with LOCKED.
   */
  async #handOver(): Promise<void> {
    const opening = this.#opening
    if (!opening) return
    const { store, persister } = await opening
    store.settle()
    await persister?.whenDurable(true)
    // A second request, or all clients have left meanwhile.
    if (this.#opening !== opening) return
    const lost = 'Another page has taken over the store. Reload this page.'
    for (const session of this.#sessions) session.lose(new StoreError('LEASE_LOST', lost))
    this.#sessions.clear()
    await this.#close(opening)
  }

  #listen(storage: string): void {
    this.#stopListening ??= this.#platform.onHandoverRequested?.(storage, () => void this.#handOver().catch(() => {}))
  }

  async #close(opening: Promise<OpenStore>): Promise<void> {
    this.#stopListening?.()
    this.#opening = this.#options = this.#stopListening = undefined
    const closed = opening.then((opened) => opened.close())
    this.#closing = closed
      .catch(() => {})
      .finally(() => {
        this.#closingSession = undefined
      })
    await closed
  }

  #notify(event: HostEvent): void {
    for (const session of this.#sessions) session.notify(event)
    this.#closingSession?.notify(event)
  }
}

/** A session that joins an open store may omit the options of the first one, but not choose others. */
function checkCompatible(first: HostOptions, { seed, persistence }: HostOptions): void {
  const sizes = ['snapshotAfterLogBytes', 'snapshotAfterIdleMs', 'maxPendingBytes'] as const
  const pairs = [
    ['seed', first.seed, seed],
    ...sizes.map((name) => [`persistence.${name}`, first.persistence?.[name], persistence?.[name]] as const),
  ] as const
  for (const [name, had, wants] of pairs) {
    if (wants === undefined || wants === had) continue
    const expected = `Expected ${name} to be ${had ?? 'omitted'}, as in the tab that opened the store`
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got ${wants}`)
  }
}
