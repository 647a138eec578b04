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
  readonly #most: number
  /** The least recently used first. */
  readonly #opened = new Map<string, Opened>()

  constructor(openStore: (agentId: string) => Promise<AsyncStore>, most = 100) {
    this.#openStore = openStore
    this.#most = most
  }

  readonly use: UseAgent = async (agentId, work) => {
    const opened = this.#opened.get(agentId) ?? this.#open(agentId)
    this.#opened.delete(agentId)
    this.#opened.set(agentId, opened)
    opened.users++
    try {
      return await work(await opened.agent)
    } catch (error) {
      // The next request opens the store anew, unless it was the request that was at fault.
      const isOfStore = error instanceof StoreError && error.code !== 'INVALID_ARGUMENT'
      if (isOfStore && this.#opened.get(agentId) === opened) await this.#close(agentId, opened).catch(() => {})
      throw error
    } finally {
      opened.users--
      await this.#closeOldest()
    }
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#opened].map(([agentId, opened]) => this.#close(agentId, opened)))
  }

  #open(agentId: string): Opened {
    const store = this.#openStore(agentId)
    return { store, agent: store.then((opened) => opened.agent(agentId, { type: 'edge-function' })), users: 0 }
  }

  async #close(agentId: string, { store }: Opened): Promise<void> {
    this.#opened.delete(agentId)
    await (await store).close()
  }

  async #closeOldest(): Promise<void> {
    if (this.#opened.size <= this.#most) return
    const oldest = [...this.#opened].find(([, { users }]) => users === 0)
    if (oldest) await this.#close(...oldest)
  }
}
