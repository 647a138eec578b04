import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { durableObjectStorage, openLearningStore } from 'learning-store/edge'
import { contentOf, entriesOf } from '../../earlier-store.ts'

/** POST puts the fixture in the body into the storage of the object; GET opens the store, answers what it holds and closes it. */
export class Tests {
  readonly #state: DurableObjectState

  constructor(state: DurableObjectState) {
    this.#state = state
  }

  async fetch(request: Request): Promise<Response> {
    const { storage } = this.#state
    if (request.method === 'POST') {
      const entries = await entriesOf<string>(await request.blob())
      for (const [key, value] of entries) storage.kv.put(key, value)
      return Response.json(entries.length)
    }
    await using store = await openLearningStore({ storage: durableObjectStorage(storage) })
    const [{ findings }, { notes }] = await Promise.all([store.verify(), store.status()])
    return Response.json({ content: await contentOf(store), findings, notes })
  }
}

export default {
  fetch(request: Request, { TESTS }: { readonly TESTS: DurableObjectNamespace }): unknown {
    return TESTS.get(TESTS.idFromName('tests')).fetch(request as never)
  },
}
