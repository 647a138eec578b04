import { describe, expect, test } from 'vitest'
import { type AsyncStore, type JsonValue, openLearningStore } from '../../../src/entry/node.ts'

const ACTIONS = ['low', 'high']
async function storeWith(states: readonly JsonValue[]): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent('a', { explorationRate: 0.2 })
  for (const state of states) await agent.learn({ state, action: 'high', reward: 1, terminated: true })
  return store
}

const numbers = (count: number): JsonValue[] => Array.from({ length: count }, (_, i) => i / count)

describe('auto', () => {
  test('uses similar states from 20 states on', async () => {
    const few = await storeWith(numbers(19))
    const chosen = async (store: AsyncStore): Promise<object> =>
      (await store.agent('a')).selectAction(0.501, { actions: ACTIONS, greedy: true })
    expect(await chosen(few)).toMatchObject({ probability: 0.5, values: [{ value: 0 }, { value: 0 }] })
    await (await few.agent('a')).learn({ state: 0.502, action: 'high', reward: 1, terminated: true })
    const values = [{ value: 0 }, { action: 'high', value: expect.closeTo(0.1, 9) }]
    expect(await chosen(few)).toMatchObject({ action: 'high', probability: 1, values })
    await few.close()
  })

  test('does not use them where at most half of the states were seen only once', async () => {
    const store = await storeWith([...numbers(40), ...numbers(20).map((n) => Number(n))])
    const agent = await store.agent('a')
    expect(await agent.getStatistics()).toMatchObject({ states: 40, statesSeenOnce: 0.5 })
    expect(await agent.selectAction(0.501, { actions: ACTIONS })).toMatchObject({ probability: 0.5 })
    await store.close()
  })
})

test('the logged probability is that of the policy over the borrowed values', async () => {
  const store = await storeWith(numbers(30))
  const agent = await store.agent('a')
  const { action, probability, explored } = await agent.selectAction(0.501, { actions: ACTIONS })
  const { currentExplorationRate: epsilon } = await agent.status()
  expect(probability).toBeCloseTo(action === 'high' ? 1 - epsilon / 2 : epsilon / 2, 12)
  expect(explored).toBe(action === 'low')
  await store.close()
})

test('only offered actions count, and a state with a value is not estimated', async () => {
  const store = await storeWith(numbers(30))
  const agent = await store.agent('a')
  const other = await agent.selectAction(0.501, { actions: ['left', 'right'] })
  expect(other.values).toEqual([
    { action: 'left', value: 0, visits: 0 },
    { action: 'right', value: 0, visits: 0 },
  ])
  await agent.learn({ state: 0.501, action: 'low', reward: 0, terminated: true })
  const { values } = await agent.selectAction(0.501, { actions: ACTIONS })
  expect(values).toEqual([
    { action: 'low', value: 0, visits: 1 },
    { action: 'high', value: 0, visits: 0 },
  ])
  await store.close()
})

test('an agent follows what is learned, rolled back, deleted and reopened', async () => {
  const store = await storeWith(numbers(30))
  const agent = await store.agent('a')
  const estimate = async (): Promise<unknown> => (await agent.selectAction(0.501, { actions: ACTIONS })).values[1]
  const before = await estimate()
  await expect(
    agent.learnMany([
      { state: 0.5011, action: 'high', reward: 9, terminated: true },
      { state: 0.5012, action: 'high', reward: Number.MAX_VALUE, terminated: true },
      { state: 0.5012, action: 'high', reward: -Number.MAX_VALUE, terminated: true },
      { state: 0.5012, action: 'high', reward: Number.NaN, terminated: true },
    ]),
  ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(await estimate()).toEqual(before)
  await agent.learn({ id: 'near', state: 0.5011, action: 'high', reward: 9, terminated: true })
  expect(await estimate()).not.toEqual(before)
  await store.resetAgent('a')
  expect(await estimate()).toEqual({ action: 'high', value: 0, visits: 0 })
  await store.close()
})

test('a copy of the values in the caller chooses alike', async () => {
  const store = await storeWith(numbers(30))
  const agent = await store.agent('a')
  const policy = await agent.policy({ seed: 1 })
  const { values } = await agent.selectAction(0.501, { actions: ACTIONS })
  expect(policy.selectAction(0.501, { actions: ACTIONS }).values).toEqual(values)
  await agent.learn({ state: 0.5011, action: 'low', reward: 3, terminated: true })
  await policy.fresh()
  const after = await agent.selectAction(0.501, { actions: ACTIONS })
  expect(after.values).not.toEqual(values)
  expect(policy.selectAction(0.501, { actions: ACTIONS }).values).toEqual(after.values)
  policy.close()
  await store.close()
})

test('status warns where hardly any state recurs', async () => {
  const store = await storeWith([...numbers(40), 0])
  const agent = await store.agent('a')
  expect((await agent.status()).warnings).toEqual([expect.stringMatching(/^97 % of 40 states were seen only once/)])
  for (let i = 0; i < 10; i++) await agent.learn({ state: i / 40, action: 'low', reward: 0, terminated: true })
  expect((await agent.status()).warnings).toEqual([])
  await store.close()
})
