import { expose } from 'comlink'
import type { Experience, LearnResult } from '../../src/entry/browser.ts'
import type { Agent } from '../../src/learning/agents/agent.ts'
import { LearningStore } from '../../src/learning/learning-store.ts'
import { browserEngine } from '../../src/runtime/browser/engine.ts'
import { coreDefaults } from '../../src/runtime/defaults.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'

const STORE = 'records'

const LEARNED: LearnResult = {
  id: '0199b0a4-7c1e-7f4b-9a53-0d2c8e61f3b7',
  learned: true,
  value: -0.123456789012345,
  error: 0.987654321098765,
  explorationRate: 0.299123456789012,
}

/**
 * What Comlink and IndexedDB do without our client and our persistence: a call that answers as much as `learn` does, the same
 * call to the synchronous store, and a put.
 */
export class PeerWork {
  #record = new Uint8Array()
  #database: IDBDatabase | undefined
  #next = 0
  #agent: Agent | undefined

  /** Makes a store in memory whose agent learns from these first. */
  async openStore(experiences: readonly Experience[]): Promise<void> {
    const connection = new Connection(await browserEngine(undefined))
    migrate(connection)
    this.#agent = new LearningStore(connection, coreDefaults()).agent('agent')
    this.#agent.learnMany(experiences)
  }

  /** @param bytes the size of the records to put. */
  async openDatabase(name: string, bytes: number): Promise<void> {
    this.#record = crypto.getRandomValues(new Uint8Array(bytes))
    this.#database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  }

  answer(_: Experience): LearnResult {
    return LEARNED
  }

  learn(experience: Experience): LearnResult {
    if (!this.#agent) throw new Error('Expected an open store')
    return this.#agent.learn(experience)
  }

  /** Answers when one record is on the disk. */
  async put(experience: Experience): Promise<LearnResult> {
    await this.#put()
    return this.answer(experience)
  }

  /** What a put takes for who is in the worker already, in ms. */
  async timePut(): Promise<number> {
    const start = performance.now()
    await this.#put()
    return performance.now() - start
  }

  #put(): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database?.transaction(STORE, 'readwrite', { durability: 'strict' })
      if (!transaction) throw new Error('Expected an open database')
      transaction.objectStore(STORE).put(this.#record, this.#next++)
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
  }
}

type Endpoint = Parameters<typeof expose>[1] & {}

const scope = globalThis as unknown as Endpoint & { onconnect?: ((event: MessageEvent) => void) | null }
if ('onconnect' in scope) {
  scope.onconnect = ({ ports: [port] }) => {
    if (port) expose(new PeerWork(), port)
  }
} else {
  expose(new PeerWork(), scope)
}
