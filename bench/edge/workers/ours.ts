import { bytesStorage, openLearningStore } from 'learning-store/edge'
import snapshot from 'snapshot.db'
import { QUESTION } from './learned.ts'

/** Paths: `/nothing`, `/open`, `/recommend`. */
export default {
  async fetch({ url }: Request): Promise<Response> {
    const { pathname } = new URL(url)
    if (pathname === '/nothing') return new Response('ok')
    const store = await openLearningStore({ storage: bytesStorage({ initial: new Uint8Array(snapshot) }) })
    if (pathname === '/open') return new Response('ok')
    const agent = await store.agent(QUESTION.agentId)
    return Response.json(await agent.recommend(QUESTION.state))
  },
}
