import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore } from '../../../src/entry/node.ts'

/** What every client of a store promises of planning. */
export function planContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`planning, ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    beforeEach(async () => {
      store = await open()
      agent = await store.agent('planner', { discountFactor: 0.5, learningRate: 0.1 })
    })
    afterEach(() => store.close())

    const value = async (state: string, action: string): Promise<number | undefined> =>
      (await store.values.get(agent.id, state)).find((one) => one.action === action)?.value

    test('computes the value of each action from its experiences', async () => {
      await agent.learnMany([
        { state: 's', action: 'on', reward: 1, nextState: 't' },
        { state: 't', action: 'on', reward: 8, terminated: true },
        { state: 't', action: 'on', reward: 4, terminated: true },
        { state: 't', action: 'off', reward: -1, nextState: 's', truncated: true },
      ])
      // t/on: (8 + 4)/2. s/on: 1 + .5 * 6. t/off: -1 + .5 * 4.
      expect(await agent.plan()).toMatchObject({ states: 2, converged: true })
      expect([await value('s', 'on'), await value('t', 'on'), await value('t', 'off')]).toEqual([4, 6, 1])
      expect(await store.values.get(agent.id, 't')).toEqual([
        { action: 'off', value: 1, visits: 1 },
        { action: 'on', value: 6, visits: 2 },
      ])
    })

    test('counts experiences that were added without learning, of this agent only', async () => {
      const end = { state: 's', action: 'a', reward: 1, terminated: true }
      await store.experiences.add(agent.id, end)
      await (await store.agent('other')).learn({ ...end, reward: 9 })
      await agent.plan()
      expect(await value('s', 'a')).toBe(1)
    })

    test('is idempotent: the second time commits nothing', async () => {
      await agent.learn({ state: 's', action: 'a', reward: 1, nextState: 's' })
      const first = await agent.plan()
      expect(await value('s', 'a')).toBeCloseTo(2, 9)
      const { sequence } = await store.status()
      expect(await agent.plan()).toEqual(first)
      expect((await store.status()).sequence).toBe(sequence)
    })

    test('reports if it stopped before the values converged', async () => {
      await agent.learn({ state: 's', action: 'a', reward: 1, nextState: 's' })
      expect(await agent.plan({ maxSweeps: 2 })).toEqual({ states: 1, sweeps: 2, converged: false })
      // Three steps to live: 1 + .5 + .25.
      expect(await value('s', 'a')).toBe(1.75)
    })

    test('of an agent without experiences changes nothing', async () => {
      expect(await agent.plan()).toEqual({ states: 0, sweeps: 1, converged: true })
    })

    test.each<[object, string]>([
      [{ tolerance: -1 }, 'Expected tolerance to be a number from 0'],
      [{ maxSweeps: 0 }, 'Expected maxSweeps to be an integer of at least 1, got 0'],
      [{ epsilon: 2 }, 'Expected epsilon to be a number from 0 to 1, got 2'],
      [{ sweeps: 2 }, 'got sweeps'],
    ])('refuses %j', async (options, message) => {
      await expect(agent.plan(options)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(message),
      })
    })

    test('rejects values that overflow, and changes nothing', async () => {
      const huge = { state: 's', action: 'a', reward: Number.MAX_VALUE, nextState: 's' }
      await store.agent(agent.id, { discountFactor: 1 })
      await store.experiences.add(agent.id, huge)
      await expect(agent.plan()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(await store.values.get(agent.id, 's')).toEqual([])
    })
  })
}
