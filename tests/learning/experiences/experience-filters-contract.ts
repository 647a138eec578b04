import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore } from '../../../src/entry/node.ts'

/** What every client of a store promises of finding experiences, and of how rewards went. */
export function experienceFiltersContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`looking at experiences, ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    const invalid = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

    beforeEach(async () => {
      store = await open()
      agent = await store.agent('one', { type: 'tester' })
      const other = await store.agent('other', { type: 'tester' })
      const state = { page: 'Login', tries: 1 }
      await agent.learnMany(
        [1, 2, 3, 4].map((reward) => ({
          id: `e${reward}`,
          state,
          action: reward % 2 === 0 ? 'wait' : 'Retry',
          reward,
          terminated: true,
          taskType: reward > 2 ? 'late' : 'early',
          episodeId: `episode-${reward}`,
        })),
      )
      await other.learn({ id: 'other', state, action: 'wait', reward: -1, terminated: true })
    })
    afterEach(() => store.close())

    test.each([
      ['an agent', { agentId: 'other' }, ['other']],
      ['a type of task', { taskType: 'late' }, ['e4', 'e3']],
      ['rewards between two', { minReward: 2, maxReward: 3 }, ['e3', 'e2']],
      ['a text in the action', { text: 'retry' }, ['e3', 'e1']],
      ['a text in the state', { text: 'LOGIN', agentId: 'one' }, ['e4', 'e3', 'e2', 'e1']],
      ['a text in the episode', { text: 'episode-2' }, ['e2']],
      ['an action in a state', { agentId: 'one', state: { tries: 1, page: 'Login' }, action: 'wait' }, ['e4', 'e2']],
      [
        'the same with a reward',
        { agentId: 'one', state: { tries: 1, page: 'Login' }, action: 'wait', minReward: 3 },
        ['e4'],
      ],
      ['what is not there', { text: '%' }, []],
    ] as const)('finds and counts those of %s', async (_, filters, ids) => {
      const found = await store.experiences.list(filters)
      expect(found.map(({ id }) => id)).toEqual(ids)
      expect(await store.experiences.count(filters)).toBe(ids.length)
      expect((await store.experiences.list({ ...filters, limit: 1, offset: 1 })).map(({ id }) => id)).toEqual(
        ids.slice(1, 2),
      )
    })

    test('rejects a state without an action and an agent', async () => {
      for (const filters of [{ state: 's' }, { action: 'a' }, { state: 's', action: 'a' }]) {
        await expect(store.experiences.list(filters)).rejects.toEqual(invalid('to come with the other and an agentId'))
      }
      await expect(store.experiences.count({ minReward: Number.NaN })).rejects.toEqual(invalid('minReward'))
    })

    test('deletes those that it finds, and their values where no other experience is left', async () => {
      const page = { tries: 1, page: 'Login' }
      expect(await agent.experiences.delete({ text: 'retry' })).toBe(2)
      expect((await store.experiences.list()).map(({ id }) => id)).toEqual(['other', 'e4', 'e2'])
      expect((await agent.values.get(page)).map(({ action }) => action)).toEqual(['wait'])
      expect(await store.experiences.delete({ agentId: 'other' })).toBe(1)
      expect(await store.experiences.delete({ agentId: 'other' })).toBe(0)
      // An agent goes on to learn: 0.1 of 5 is added to the 0.58 that 2 and 4 left.
      const { value } = await agent.learn({ state: page, action: 'wait', reward: 5, terminated: true })
      expect(value).toBeCloseTo(0.9 * 0.58 + 0.5, 12)
      for (const filters of [{}, undefined]) {
        await expect(store.experiences.delete(filters as never)).rejects.toEqual(invalid('at least one filter'))
      }
    })

    test('returns rewards in buckets of equal length', async () => {
      expect(await store.experiences.rewardHistory({ agentId: 'one', limit: 2 })).toEqual([
        { count: 2, mean: 1.5, m2: 0.5, least: 1, greatest: 2 },
        { count: 2, mean: 3.5, m2: 0.5, least: 3, greatest: 4 },
      ])
      expect((await store.experiences.rewardHistory()).map(({ mean }) => mean)).toEqual([1, 2, 3, 4, -1])
      expect(await store.experiences.rewardHistory({ agentId: 'nobody' })).toEqual([])
      await expect(store.experiences.rewardHistory({ limit: 0 })).rejects.toEqual(invalid('limit'))
    })
  })
}
