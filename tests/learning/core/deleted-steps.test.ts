import { describe, expect, test } from 'vitest'
import { type AsyncStore, type LearnerConfiguration, openLearningStore } from '../../../src/entry/node.ts'

// Steps of an open episode wait to be learned, or have traces. One that was learned must not be learned again because a later one is gone.
const CONFIGURATIONS: readonly Partial<LearnerConfiguration>[] = [
  { algorithm: 'sarsa' },
  { algorithm: 'sarsa', nStep: 2 },
  { algorithm: 'q-learning', nStep: 2 },
  { algorithm: 'expected-sarsa', nStep: 3 },
  { algorithm: 'sarsa', traceDecay: 0.5 },
  { algorithm: 'q-learning', traceDecay: 0.5 },
]

async function storeWith(configuration: Partial<LearnerConfiguration>, episodeId?: string): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:' })
  const agent = await store.agent('a', {
    ...configuration,
    learningRate: 0.5,
    explorationRate: 0,
    minExplorationRate: 0,
  })
  for (let i = 0; i < 6; i++) {
    const named = episodeId === undefined ? {} : { episodeId }
    await agent.learn({ id: `${i}`, taskId: `task-${i}`, state: i, action: 'x', reward: 1, nextState: i + 1, ...named })
  }
  return store
}

describe.each(CONFIGURATIONS)('with %j', (configuration) => {
  test.each([undefined, 'e'])(
    'a step that was learned is not learned again when the last one is deleted (episode %s)',
    async (id) => {
      const store = await storeWith(configuration, id)
      const agent = await store.agent('a')
      await store.experiences.delete({ text: 'task-5' })
      const before = await agent.values.list()
      const named = id === undefined ? {} : { episodeId: id }
      // Where the step before the deleted one led to, and somewhere else.
      await agent.learn({ state: 5, action: 'x', reward: 1, nextState: 6, ...named })
      await agent.learn({ state: 9, action: 'x', reward: 1, terminated: true, ...named })
      const after = await agent.values.list()
      const old = new Set(before.map(({ stateKey }) => stateKey))
      const ofOld = after.filter(({ stateKey }) => old.has(stateKey) && stateKey !== '5')
      expect(ofOld).toEqual(before.filter(({ stateKey }) => stateKey !== '5'))
      await store.close()
    },
  )
})
