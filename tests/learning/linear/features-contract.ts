import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore, JsonValue } from '../../../src/entry/node.ts'

const MODELS = ['small', 'medium', 'large', 'huge'].map((name, i) => ({ name, power: i }))
const INVALID = { code: 'INVALID_ARGUMENT' }

/** How agents with a linear model turn fields into features. @param open opens an empty store with seed 7 */
export function featuresContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`features, ${name}`, () => {
    let store: AsyncStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const featuresOf = async (agent: AsyncAgent, state: JsonValue, action: JsonValue = 'a'): Promise<string[]> =>
      (await agent.explain(state, { action, limit: 100 })).contributions.map(({ feature }) => feature).sort()
    const learned = async (agent: AsyncAgent, states: readonly JsonValue[]): Promise<AsyncAgent> => {
      for (const [i, state] of states.entries())
        await agent.learn({ state, action: 'a', reward: i % 2, terminated: true })
      return agent
    }

    test.each(['linear', 'lin-ucb', 'lin-ts'] as const)('of each field can be chosen, %s', async (algorithm) => {
      const state = (i: number): JsonValue => ({
        id: i,
        code: i % 2 ? '404' : '200',
        task: { note: i % 2 ? 'a b c' : 'b c d' },
        tags: ['x y', `z${i}`],
      })
      const features = { id: 'ignore', code: 'number', 'task.note': 'category', tags: 'ignore' } as const
      const agent = await learned(await store.agent('chosen', { algorithm, features }), [0, 1, 2, 3].map(state))
      const found = await featuresOf(agent, state(1))
      expect(found.filter((feature) => feature !== '(intercept)')).toEqual(['code', 'task.note=a b c'])
      expect((await agent.status()).features).toEqual(features)
    })

    test('that are ignored change nothing', async () => {
      const agent = await store.agent('ignoring', { algorithm: 'linear', features: { id: 'ignore' } })
      for (let id = 0; id < 20; id++) {
        await agent.learn({ state: { id, isUrgent: true }, action: 'a', reward: id % 2, terminated: true })
      }
      const values = await agent.values.getMany([
        { id: 3, isUrgent: true },
        { id: 1e6, isUrgent: true },
        { isUrgent: true },
      ])
      expect(values[1]).toEqual(values[0])
      expect(values[2]).toEqual(values[0])
    })

    test('that are chosen later are those of all experiences that the agent still has', async () => {
      const states = Array.from({ length: 30 }, (_, i) => ({ number: i, kind: i % 3 }))
      const features = { kind: 'category' } as const
      const early = await learned(await store.agent('early', { algorithm: 'linear', features }), states)
      const late = await learned(await store.agent('late', { algorithm: 'linear' }), states)
      expect(await late.values.get({ number: 3, kind: 2 })).not.toEqual(await early.values.get({ number: 3, kind: 2 }))
      const changed = await store.agent('late', { features })
      expect(await changed.values.get({ number: 3, kind: 2 })).toEqual(await early.values.get({ number: 3, kind: 2 }))
      expect(await featuresOf(changed, { number: 3, kind: 2 })).toEqual(['(intercept)', 'kind=2', 'number'])
    })

    test('are refused where they make no sense', async () => {
      const linear = { algorithm: 'linear' } as const
      await expect(store.agent('x', { features: { id: 'ignore' } })).rejects.toMatchObject(INVALID)
      await expect(store.agent('x', { actionFeatures: true })).rejects.toMatchObject(INVALID)
      await expect(store.agent('x', { algorithm: 'lin-ucb', actionFeatures: true })).rejects.toMatchObject(INVALID)
      for (const features of [null, [], 'number', { id: 'words' }, { id: null }, { '': 'number' }]) {
        await expect(store.agent('x', { ...linear, features: features as never })).rejects.toMatchObject(INVALID)
      }
      await expect(store.agent('x', { ...linear, actionFeatures: 1 as never })).rejects.toMatchObject(INVALID)
      expect(await store.agents.list()).toEqual([])
    })

    test('are given up with the algorithm that used them', async () => {
      await store.agent('x', { algorithm: 'linear', features: { id: 'ignore' }, actionFeatures: true })
      const exact = await (await store.agent('x', { algorithm: 'lin-ucb' })).status()
      expect([exact.features, exact.actionFeatures]).toEqual([{ id: 'ignore' }, false])
      const table = await (await store.agent('x', { algorithm: 'q-learning' })).status()
      expect([table.features, table.actionFeatures]).toEqual([{}, false])
    })

    test('of actions let one be chosen that was never tried', async () => {
      const agent = await store.agent('sharing', { algorithm: 'linear', actionFeatures: true })
      const difficulty = (i: number): number => (i * 7) % 4
      // The reward falls with the distance between difficulty and power. The most powerful is never offered.
      for (let i = 0; i < 300; i++) {
        const action = MODELS[i % 3] ?? {}
        const reward = 1 - Math.abs(difficulty(i) - (i % 3)) / 3
        await agent.learn({ state: { difficulty: `d${difficulty(i)}` }, action, reward, terminated: true })
      }
      const bestFor = async (difficulty: number): Promise<unknown> =>
        (await agent.selectAction({ difficulty: `d${difficulty}` }, { actions: MODELS, greedy: true })).action
      expect(await bestFor(0)).toEqual(MODELS[0])
      expect(await bestFor(3)).toEqual(MODELS[3])
      const { action } = await agent.recommend({ difficulty: 'd3' }, { actions: MODELS })
      expect(action).toEqual(MODELS[2])
      const shared = ['(action).power', '(intercept)', 'difficulty=d3', 'difficulty=d3 * (action).power']
      expect(await featuresOf(agent, { difficulty: 'd3' }, MODELS[3])).toEqual(shared)
      const named = ['(action).name=large', 'difficulty=d3 * (action).name=large']
      expect(await featuresOf(agent, { difficulty: 'd3' }, MODELS[2])).toEqual([...shared, ...named].sort())
    })
  })
}
