import { openLearningStore } from 'learning-store'

export const runtime = 'nodejs'

/** Learns what it is asked to and tells what is then advised, and where the store runs. */
export async function POST(request) {
  const { worker, ...experience } = await request.json()
  const store = await openLearningStore({ storage: 'file:learning.db', worker })
  const agent = await store.agent('walker')
  await agent.learn(experience)
  const { action } = await agent.recommend(experience.state)
  const { host } = await store.status()
  await store.close()
  return Response.json({ host, advised: action })
}
