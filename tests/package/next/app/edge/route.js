import { openLearningStore } from 'learning-store/edge'

export const runtime = 'edge'

export async function POST(request) {
  const experience = await request.json()
  const store = await openLearningStore({ storage: 'memory:' })
  const agent = await store.agent('walker')
  await agent.learn(experience)
  const { action } = await agent.recommend(experience.state)
  const { host } = await store.status()
  return Response.json({ host, advised: action })
}
