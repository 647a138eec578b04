import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Algorithm, type AsyncAgent, type AsyncStore, openLearningStore } from '../../../src/entry/node.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'
import { version4 } from '../../../src/sql/schema/version-4.ts'

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 3 })
})
afterEach(() => store.close())

const agentWith = (algorithm: Algorithm, more: object = {}): Promise<AsyncAgent> =>
  store.agent(algorithm, { algorithm, learningRate: 0.5, discountFactor: 0.9, explorationRate: 0.2, ...more })

const value = async (agent: AsyncAgent, state: string, action: string): Promise<number | undefined> =>
  (await store.values.get(agent.id, state)).find((one) => one.action === action)?.value

describe('SARSA', () => {
  test('learns a step once the next action of its episode is known', async () => {
    const agent = await agentWith('sarsa')
    await agent.learn({ state: 't', action: 'x', reward: 8, terminated: true, episodeId: 'warm' })
    const first = { state: 's', action: 'a', reward: 1, nextState: 't', episodeId: 'e' }
    expect(await agent.learn(first)).toMatchObject({ learned: true, value: undefined })
    expect(await value(agent, 's', 'a')).toBeUndefined()
    // Another episode in between does not complete it.
    await agent.learn({ state: 't', action: 'y', reward: 0, terminated: true, episodeId: 'other' })
    await agent.learn({ state: 't', action: 'x', reward: 0, terminated: true, episodeId: 'e' })
    // Q(t, x) was 4 when the action x was known; rate 0.5, discount 0.9.
    expect(await value(agent, 's', 'a')).toBeCloseTo(0.5 * (1 + 0.9 * 4), 14)
    expect(await value(agent, 't', 'x')).toBe(2)
  })

  test('uses the expectation over the policy if there is no next action', async () => {
    const agent = await agentWith('sarsa')
    await agent.learn({ state: 't', action: 'x', reward: 8, terminated: true })
    await agent.learn({
      state: 's',
      action: 'a',
      reward: 1,
      nextState: 't',
      truncated: true,
      nextActions: ['x', 'y'],
    })
    // The exploration rate decayed once: e = 0.2 * 0.995 = 0.199; the best of two has 1 - e/2.
    expect(await value(agent, 's', 'a')).toBeCloseTo(0.5 * (1 + 0.9 * 4 * (1 - 0.199 / 2)), 14)
  })
})

test('Expected SARSA uses the current exploration rate', async () => {
  const agent = await agentWith('expected-sarsa', { explorationDecay: 1 })
  await agent.learn({ state: 't', action: 'x', reward: 8, terminated: true })
  await agent.learn({ state: 't', action: 'y', reward: 2, terminated: true })
  await agent.learn({ state: 's', action: 'a', reward: 1, nextState: 't' })
  expect(await value(agent, 's', 'a')).toBeCloseTo(0.5 * (1 + 0.9 * (0.9 * 4 + 0.1 * 1)), 14)
})

describe('Double Q-learning', () => {
  test('keeps two tables whose mean is the value, also after other algorithms were used', async () => {
    const agent = await agentWith('double-q-learning')
    for (let i = 0; i < 40; i++) await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    expect(await value(agent, 's', 'a')).toBeGreaterThan(0.99)
    await store.agent(agent.id, { algorithm: 'q-learning', learningRate: 1 })
    await agent.learn({ state: 's', action: 'a', reward: -1, terminated: true })
    await store.agent(agent.id, { algorithm: 'double-q-learning', learningRate: 0.5 })
    // Both tables start again from -1; one of them moves half the way to 1.
    await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    expect(await value(agent, 's', 'a')).toBe(-0.5)
  })

  test('with sample averages each table counts its own visits', async () => {
    const agent = await agentWith('double-q-learning', { learningRateSchedule: 'sample-average' })
    for (let i = 0; i < 5; i++) {
      await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
      expect(await value(agent, 's', 'a')).toBe(1)
    }
    for (const reward of [4, -3, 10, 0.5, 2.5]) await agent.learn({ state: 't', action: 'a', reward, terminated: true })
    expect(await value(agent, 't', 'a')).toBeCloseTo(2.8, 12)
    await agent.replay({ batchSize: 100 })
    expect(await value(agent, 's', 'a')).toBe(1)
  })

  test('a store of schema 3 shares its visits out between the tables', async () => {
    const agent = await agentWith('double-q-learning', { learningRateSchedule: 'sample-average' })
    for (let i = 0; i < 7; i++) await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    const connection = new Connection(await nodeEngine(), await store.snapshot())
    connection.run('ALTER TABLE double_q_values DROP COLUMN first_visits', [])
    connection.run('ALTER TABLE double_q_values DROP COLUMN second_visits', [])
    for (const sql of version4) if (sql.includes('double_q_values')) connection.execute(sql)
    const counts = connection.all('SELECT first_visits, second_visits FROM double_q_values')
    expect(counts).toEqual([[4, 3]])
  })

  test('does not overestimate a noisy state as Q-learning does (S&B example 6.7)', async () => {
    const overrated = async (algorithm: Algorithm): Promise<number> => {
      const agent = await agentWith(algorithm, { learningRate: 0.1, discountFactor: 1 })
      // Ten actions worth -0.1 on average, each with noise: -0.1 +- 1 by turns.
      for (let i = 0; i < 300; i++) {
        const reward = -0.1 + (Math.sin(i * 12.9898) > 0 ? 1 : -1)
        await agent.learn({ state: 'b', action: i % 10, reward, terminated: true })
      }
      for (let i = 0; i < 60; i++) await agent.learn({ state: 'a', action: 'left', reward: 0, nextState: 'b' })
      return (await value(agent, 'a', 'left')) ?? 0
    }
    expect(await overrated('double-q-learning')).toBeLessThan(await overrated('q-learning'))
  })
})
