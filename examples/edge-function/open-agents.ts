import { type AsyncAgent, type AsyncStore, StoreError } from 'learning-store/edge'
import type { UseAgent } from './api.ts'

interface Opened {
  readonly store: Promise<AsyncStore>
  readonly agent: Promise<AsyncAgent>
  users: number
}

/** Agents, each in a store of its own that stays open between requests; the least recently used are closed. */
export class OpenAgents {
  readonly #openStore: (agentId: string) => Promise<AsyncStore>
  readonly #max: number
  /** Least recently used first. */
  readonly #opened = new Map<string, Opened>()
  /** Stores that are being closed; they must be closed before they are opened again. */
  readonly #closing = new Map<string, Promise<void>>()

  constructor(openStore: (agentId: string) => Promise<AsyncStore>, max = 100) {
    this.#openStore = openStore
    this.#max = max
  }

  readonly use: UseAgent = async (agentId, work) => {
    const opened = this.#opened.get(agentId) ?? this.#open(agentId)
    this.#opened.delete(agentId)
    this.#opened.set(agentId, opened)
    opened.users++
    try {
      return await work(await opened.agent)
    } catch (error) {
      // After an error of the store the next request opens it again.
      if (error instanceof StoreError && error.code !== 'INVALID_ARGUMENT') this.#close(agentId, opened)
      throw error
    } finally {
      opened.users--
      this.#closeOldest()
    }
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    for (const [agentId, opened] of this.#opened) this.#close(agentId, opened)
    await Promise.all(this.#closing.values())
  }

  #open(agentId: string): Opened {
    const store = Promise.resolve(this.#closing.get(agentId)).then(() => this.#openStore(agentId))
    const agent = store.then((one) => one.agent(agentId, { type: 'edge-function' }))
    const opened = { store, agent, users: 0 }
    agent.catch(() => this.#close(agentId, opened))
    return opened
  }

  /** No caller waits for it: everything is durable already, and errors of closing are logged. */
  #close(agentId: string, opened: Opened): void {
    if (this.#opened.get(agentId) !== opened) return
    this.#opened.delete(agentId)
    const closing = opened.store
      .then(
        (store) => store.close(),
        () => {},
      )
      .catch((error: unknown) => console.error(error))
      .then(() => void this.#closing.delete(agentId))
    this.#closing.set(agentId, closing)
  }

  #closeOldest(): void {
    if (this.#opened.size <= this.#max) return
    const oldest = [...this.#opened].find(([, { users }]) => users === 0)
    if (oldest) this.#close(...oldest)
  }
}
