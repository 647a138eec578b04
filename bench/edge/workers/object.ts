import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { durableObjectStorage, openLearningStore } from 'learning-store/edge'
import { learned, QUESTION } from './learned.ts'

/** A store in a Durable Object. Paths: `/fill/BYTES`, `/open`, `/recommend`. */
export class StoreObject {
  readonly #state: DurableObjectState

  constructor(state: DurableObjectState) {
    this.#state = state
  }

  async fetch({ url }: Request): Promise<Response> {
    const [, path, bytes] = new URL(url).pathname.split('/')
    const store = await openLearningStore({
      storage: durableObjectStorage(this.#state.storage),
      durability: 'strict',
      seed: 1,
    })
    if (path === 'fill') {
      const { length } = await learned(store, Number(bytes))
      await store.close()
      return Response.json(length)
    }
    if (path === 'open') return new Response('ok')
    const agent = await store.agent(QUESTION.agentId)
    return Response.json(await agent.recommend(QUESTION.state))
  }
}

export default {
  fetch({ url }: Request, { STORES }: { readonly STORES: DurableObjectNamespace }): unknown {
    return STORES.get(STORES.idFromName('store')).fetch(url)
  },
}
