import { expect, test } from 'vitest'
import { MemoryMedium, memoryStorage, openLearningStore } from '../../../src/entry/node.ts'
import { planContract } from './plan-contract.ts'

planContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))

test('planned values survive reopening', async () => {
  const medium = new MemoryMedium()
  const open = () => openLearningStore({ storage: memoryStorage(medium), seed: 7 })
  const first = await open()
  const agent = await first.agent('a', { algorithm: 'double-q-learning' })
  for (let i = 0; i < 20; i++) {
    await agent.learn({ state: i % 3, action: i % 2, reward: i % 5, nextState: (i + 1) % 3 })
  }
  await agent.plan()
  const values = await first.values.list({ agentId: 'a' })
  await first.close()
  const second = await open()
  expect(await second.values.list({ agentId: 'a' })).toEqual(values)
  await second.close()
})
