import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, MemoryMedium, memoryStorage, openLearningStore } from '../../../src/entry/node.ts'

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
})
afterEach(() => store.close())

const INVALID = { code: 'INVALID_ARGUMENT', name: 'StoreError' }
const actions = Array.from({ length: 10 }, (_, i) => i)

test('a failed operation does not undo draws that were returned', async () => {
  const draws = async (id: string, meanwhile: () => Promise<void>): Promise<unknown[]> => {
    const agent = await store.agent(id)
    const drawn: unknown[] = []
    for (let i = 0; i < 6; i++) {
      drawn.push((await agent.selectAction('s', { actions: actions })).action)
      await meanwhile()
    }
    return drawn
  }
  const refused = async (): Promise<void> => {
    await expect(store.agent('other', { learningRate: 9 })).rejects.toMatchObject(INVALID)
    const agent = await store.agent('large')
    const large = { state: 's', action: 'a', reward: Number.MAX_VALUE, terminated: true }
    // Refused inside the transaction, which is rolled back.
    await store.agent('large', { learningRate: 1 })
    await agent.learn(large)
    await expect(agent.learn({ ...large, reward: -Number.MAX_VALUE })).rejects.toMatchObject(INVALID)
  }
  const drawn = await draws('a', refused)
  const other = await openLearningStore({ storage: 'memory:', seed: 1 })
  const undisturbed = await other.agent('a')
  const expected: unknown[] = []
  for (let i = 0; i < 6; i++) {
    expected.push((await undisturbed.selectAction('s', { actions: actions })).action)
  }
  expect(drawn).toEqual(expected)
  await other.close()
})

test('rewards that would make a value infinite are rejected, and the agent continues', async () => {
  const agent = await store.agent('a', { learningRate: 1 })
  const far = { state: 's', action: 'x', reward: Number.MAX_VALUE, terminated: true }
  await agent.learn(far)
  await expect(agent.learn({ ...far, reward: -Number.MAX_VALUE })).rejects.toMatchObject(INVALID)
  expect(await agent.status()).toMatchObject({ experienceCount: 1 })
  await agent.learn({ ...far, state: 't', reward: 1 })
})

test('a filter is checked before the cache is used', async () => {
  await store.executionPatterns.add({ taskType: 't' })
  expect(await store.executionPatterns.list()).toHaveLength(1)
  for (const limit of [Number.NaN, Number.POSITIVE_INFINITY, 1n]) {
    await expect(store.executionPatterns.list({ limit } as object)).rejects.toMatchObject(INVALID)
  }
})

test.each([[undefined], [{}], [Symbol('id')]])('an agent id that is not a string is rejected: %s', async (id) => {
  const experience = { state: 's', action: 'a', reward: 1, terminated: true }
  await expect(store.experiences.add(id as string, experience)).rejects.toMatchObject(INVALID)
})

test('200,000 actions are not an error', async () => {
  const agent = await store.agent('a')
  const actions = Array.from({ length: 200_000 }, (_, i) => i)
  const { probability } = await agent.selectAction('s', { actions })
  expect(probability).toBeCloseTo(1 / 200_000, 12)
})

describe('opening', () => {
  test.each([
    ['a number for a storage', { storage: 5 }],
    ['an object that is no storage', { storage: {} }],
    ['a file of another machine', { storage: 'file://host/x' }],
    ['a wait that no timer can take', { storage: 'memory:', lockTimeoutMs: 2 ** 32 }],
  ])('refuses %s', async (_, options) => {
    await expect(openLearningStore(options as object)).rejects.toMatchObject(INVALID)
  })

  test('treats an undefined option as absent', async () => {
    const options = { storage: 'memory:', now: undefined, newId: undefined, seed: undefined } as object
    const first = await openLearningStore(options)
    const second = await openLearningStore(options)
    const drawn = async (one: AsyncStore): Promise<unknown[]> => {
      const agent = await one.agent('a')
      const choices = Array.from({ length: 20 }, () => agent.selectAction('s', { actions: actions }))
      return (await Promise.all(choices)).map(({ action }) => action)
    }
    expect(await drawn(first)).not.toEqual(await drawn(second))
    await Promise.all([first.close(), second.close()])
  })
})

test('a store that can no longer write still releases its storage when it is closed', async () => {
  const medium = new MemoryMedium()
  const one = await openLearningStore({ storage: memoryStorage(medium), persistence: { maxPendingBytes: 1 } })
  const agent = await one.agent('a')
  medium.beforeChange = () => {
    throw new Error('No room')
  }
  await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
  await expect(one.flush()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
  await agent.selectAction('s', { actions: actions })
  await expect(one.close()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
  expect(medium.held).toBe(false)
})
