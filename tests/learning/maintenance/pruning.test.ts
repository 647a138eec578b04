import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../../src/entry/node.ts'

const open = (now?: () => number): Promise<AsyncStore> => openLearningStore({ storage: 'memory:', ...(now && { now }) })
const step = (state: number, reward = 1) => ({ state, action: 'a', reward, terminated: true })
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

async function storedStates(store: AsyncStore): Promise<unknown[]> {
  const { rows } = await store.query('SELECT state FROM learning_experiences ORDER BY id', [], { limit: 10_000 })
  return rows.map(([state]) => Number(state))
}

/** Stores one experience per state, from 0. */
async function filled(count: number): Promise<AsyncStore> {
  const store = await open()
  const agent = await store.agent('a')
  if (count > 0) await agent.learnMany(range(0, count).map((state) => step(state)))
  return store
}

test('pruning stores the first 20 experiences and the newest perAgent, and counts the others', async () => {
  const counts = fc.integer({ min: 0, max: 60 })
  await fc.assert(
    fc.asyncProperty(counts, counts, async (count, perAgent) => {
      const store = await filled(count)
      const newest = Math.max(0, count - perAgent)
      const left = range(0, count).filter((state) => state < 20 || state >= newest)
      expect(await store.prune({ experiences: { perAgent } })).toEqual({
        experiences: count - left.length,
        decisions: 0,
        learningHistory: 0,
        learningMetrics: 0,
      })
      expect(await storedStates(store)).toEqual(left)
      expect(await store.prune({ experiences: { perAgent } })).toMatchObject({ experiences: 0 })
      await store.close()
    }),
    {
      numRuns: 8,
      examples: [
        [20, 0],
        [21, 0],
        [40, 20],
        [41, 20],
        [40, 19],
      ],
    },
  )
})

test.each([270, 271, 520, 521])('pruning %i experiences in steps of 250 stops at the last row', async (count) => {
  const store = await filled(count)
  expect(await store.prune({ experiences: { perAgent: 0 } })).toMatchObject({ experiences: count - 20 })
  expect(await storedStates(store)).toEqual(range(0, 20))
  await store.close()
})

test('pruning by age stops at the first row that is exactly as old as allowed', async () => {
  let now = Date.UTC(2026, 0, 1)
  const store = await open(() => now)
  const agent = await store.agent('a')
  for (const state of range(0, 30)) {
    now += 1_000
    await agent.learn(step(state))
  }
  // State 29 is 0 s old, state 25 is 4 s.
  expect(await store.prune({ experiences: { maxAgeMs: 4_000 } })).toMatchObject({ experiences: 5 })
  expect(await storedStates(store)).toEqual([...range(0, 20), ...range(25, 30)])
  await store.close()
})

test('pruning the least useful deletes those that the values predict best, the oldest of equals first', async () => {
  const store = await open()
  const agent = await store.agent('a', { learningRate: 1 })
  // With a learning rate of 1 the value of a state is its last reward, so the error of each experience is known.
  await agent.learnMany([
    ...range(0, 20).map((state) => step(state)),
    step(20, 5),
    step(20, 1),
    step(21, 0),
    step(20, 3),
    step(22, 0),
    step(23, 0),
  ])
  // Errors of the last six: 2, 2, 0, 0, 0, 0. Three of them are deleted.
  const prune = { experiences: { perAgent: 3, order: 'least-useful' } } as const
  expect(await store.prune(prune)).toMatchObject({ experiences: 3 })
  const { rows } = await store.query('SELECT state, reward FROM learning_experiences WHERE id > 20 ORDER BY id')
  expect(rows.map(([state, reward]) => [Number(state), reward])).toEqual([
    [20, 5],
    [20, 1],
    [23, 0],
  ])
  await store.close()
})
