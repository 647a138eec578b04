import type { DurableObjectState } from '@cloudflare/workers-types'
import { type AsyncStore, durableObjectStorage, type Experience, openLearningStore } from 'learning-store/edge'
import { inDurableObject } from '../durable-object-tests.ts'

export default inDurableObject

/** An object whose store writes a snapshot as soon as nothing comes any more. Paths: `learn`, `status`. */
export class Tests {
  readonly #store: Promise<AsyncStore>

  constructor({ storage }: DurableObjectState) {
    const persistence = { snapshotAfterLogBytes: 4_096, snapshotAfterIdleMs: 10 }
    this.#store = openLearningStore({ storage: durableObjectStorage(storage), seed: 7, persistence })
  }

  async fetch({ url }: Request): Promise<Response> {
    const store = await this.#store
    if (url.endsWith('/learn')) {
      const agent = await store.agent('a')
      const experience = (i: number): Experience => ({ state: `s${i}`, action: 'x', reward: 1, terminated: true })
      await agent.learnMany(Array.from({ length: 1_000 }, (_, i) => experience(i)))
    }
    return Response.json(await store.status())
  }
}
