import { expect, test } from 'vitest'
import { type AsyncStore, MemoryMedium, memoryStorage, openLearningStore } from '../../../src/entry/node.ts'
import { policiesContract } from './policies-contract.ts'

policiesContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))

test('an agent that plans continues after reopening as if it had not stopped', async () => {
  const learn = async (store: AsyncStore, from: number): Promise<void> => {
    const agent = await store.agent('planner', { planningSteps: 3, policy: 'softmax' })
    for (let i = from; i < from + 30; i++) {
      const { action } = await agent.selectAction(i % 4, { actions: ['a', 'b'] })
      await agent.learn({ state: i % 4, action, reward: i % 3, nextState: (i + 1) % 4 })
    }
  }
  const [whole, medium] = [await openLearningStore({ storage: 'memory:', seed: 7 }), new MemoryMedium()]
  await learn(whole, 0)
  await learn(whole, 30)
  const halves = () => openLearningStore({ storage: memoryStorage(medium), seed: 7 })
  const first = await halves()
  await learn(first, 0)
  await first.close()
  const second = await halves()
  await learn(second, 30)
  const without = ({ values }: AsyncStore) =>
    values.list({ agentId: 'planner' }).then((rows) => rows.map(({ lastUpdated: _, ...row }) => row))
  expect(await without(second)).toEqual(await without(whole))
  await Promise.all([whole.close(), second.close()])
})
