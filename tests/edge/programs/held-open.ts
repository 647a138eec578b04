import { type AsyncStore, kvStorage, openLearningStore } from 'learning-store/edge'
import { type Bindings, durableObjectTests, type ObjectClass } from '../durable-object-tests.ts'

let opening: Promise<AsyncStore> | undefined

/** A worker that keeps a store open between requests, and flushes it in each. */
const program: { fetch(request: Request, bindings: Bindings): Promise<Response> } = {
  async fetch(_, { KV }) {
    opening ??= openLearningStore({ storage: kvStorage(KV) })
    const store = await opening
    const agent = await store.agent('agent')
    await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    const { sequence } = await store.status()
    await store.flush()
    const { durableSequence } = await store.status()
    return Response.json({ count: await store.experiences.count(), isKept: durableSequence >= sequence })
  },
}
export default program

/** `workerd` binds one. */
export const Tests: ObjectClass = durableObjectTests(() => {})
