import { type AsyncStore, kvStorage, openLearningStore } from 'learning-store/edge'

type Binding = Parameters<typeof kvStorage>[0]

/** One store for all requests that this isolate answers, kept in a key-value namespace. */
let opening: Promise<AsyncStore> | undefined

const open = (KV: Binding): Promise<AsyncStore> => {
  opening ??= openLearningStore({ storage: kvStorage(KV), seed: 7 })
  return opening
}

/** Paths: `learn/COUNT`, `flush`, `count`. */
export default {
  async fetch(request: Request, { KV }: { readonly KV: Binding }): Promise<Response> {
    const [operation, count] = new URL(request.url).pathname.slice(1).split('/')
    try {
      const store = await open(KV)
      const agent = await store.agent('a')
      await agent.learnMany(
        Array.from({ length: operation === 'learn' ? Number(count) : 0 }, (_, i) => ({
          state: `a state with the number ${i}`,
          action: 'x',
          reward: 1,
          terminated: true,
        })),
      )
      if (operation === 'flush') await store.flush()
      const { sequence, durableSequence } = await store.status()
      return Response.json({ count: await store.experiences.count(), waiting: sequence - durableSequence })
    } catch (error) {
      return Response.json(String(error), { status: 500 })
    }
  },
}

/** The harness binds it. */
export class Tests {}
