import type { AsyncStore } from 'learning-store/edge'

/** What is asked first. */
export const QUESTION = { agentId: 'agent', state: 'state-7' } as const

const STATES = 500

/** Learns until the store is so large. Answers it. */
export async function learned(store: AsyncStore, bytes: number): Promise<Uint8Array> {
  const agent = await store.agent(QUESTION.agentId)
  for (let i = 0; ; i += 100) {
    const snapshot = await store.snapshot()
    if (snapshot.length >= bytes) return snapshot
    await agent.learnMany(
      Array.from({ length: 100 }, (_, k) => ({
        state: `state-${(i + k) % STATES}`,
        action: `action-${(i + k) % 7}`,
        reward: ((i + k) % 11) / 10,
        terminated: true,
      })),
    )
  }
}
