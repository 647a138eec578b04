import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore, LearnerConfiguration } from '../../src/entry/node.ts'
import { recommendationContract } from './agents/recommendation-contract.ts'
import { chanceContract } from './core/randomness-contract.ts'

/** What every client of a store promises of learning. @param open opens an empty store with seed 7. */
export function storeContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`learning, ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    const actions = ['left', 'right', 'up']
    const invalid = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

    beforeEach(async () => {
      store = await open()
      agent = await store.agent('qe-test-generator-001', { type: 'qe-test-generator', explorationRate: 0.2 })
    })
    afterEach(() => store.close())

    /** What must not change when something is refused: how far it is kept may go on meanwhile. */
    const content = async (): Promise<unknown> => {
      const { sequence, counts } = await store.status()
      return { sequence, counts, values: await store.values.list({ agentId: agent.id }) }
    }

    const learnedValue = async (state: string, action: string): Promise<number | undefined> =>
      (await store.values.get(agent.id, state)).find((one) => one.action === action)?.value

    describe('an agent', () => {
      test('has the defaults of agentic-qe', async () => {
        expect(await (await store.agent('plain')).status()).toEqual({
          id: 'plain',
          type: 'agent',
          algorithm: 'q-learning',
          learningRate: 0.1,
          discountFactor: 0.95,
          explorationRate: 0.3,
          explorationDecay: 0.995,
          minExplorationRate: 0.01,
          policy: 'epsilon-greedy',
          learningRateSchedule: 'constant',
          temperature: null,
          ucbScale: Math.SQRT2,
          nStep: 1,
          traceDecay: 0,
          planningSteps: 0,
          modelWindow: 0,
          modelHalfLife: 0,
          explorationBonus: 0,
          initialValue: 0,
          rewardRange: null,
          rewardScale: null,
          unseenStates: 'auto',
          features: {},
          actionFeatures: false,
          defaultTaskType: null,
          rewardWithinMs: null,
          defaultReward: null,
          learnedScale: null,
          decisions: { open: 0, rewarded: 0, expired: 0 },
          warnings: [],
          currentExplorationRate: 0.3,
          experienceCount: 0,
        })
      })

      test('is found by its id, and not created by looking', async () => {
        expect(await store.agents.get(agent.id)).toEqual(await agent.status())
        expect(await store.agents.get('other')).toBeUndefined()
        await expect(store.agents.get('')).rejects.toEqual(invalid('agent id to be a non-empty string'))
        expect((await store.agents.list()).map(({ id }) => id)).toEqual([agent.id])
      })

      test('keeps its stored configuration, with given fields replaced', async () => {
        const again = await store.agent(agent.id, { learningRate: 0.5 })
        expect(await again.status()).toMatchObject({
          type: 'qe-test-generator',
          learningRate: 0.5,
          explorationRate: 0.2,
        })
        expect(await agent.status()).toEqual(await again.status())
      })

      test('keeps its decayed exploration rate if the same rate is given again, and restarts with another', async () => {
        await agent.learn({ state: 's', action: 'left', reward: 1, terminated: true })
        const decayed = 0.2 * 0.995
        expect(await (await store.agent(agent.id, { explorationRate: 0.2 })).status()).toMatchObject({
          currentExplorationRate: decayed,
        })
        expect(await (await store.agent(agent.id, { explorationRate: 0.4 })).status()).toMatchObject({
          currentExplorationRate: 0.4,
        })
      })

      test.each<[string, Partial<LearnerConfiguration>, string]>([
        ['a rate of 0', { learningRate: 0 }, 'learningRate to be a number'],
        ['a rate above 1', { explorationRate: 1.5 }, 'explorationRate to be a number from 0 to 1, got 1.5'],
        ['NaN', { discountFactor: Number.NaN }, 'got NaN'],
        ['an unknown rule', { algorithm: 'dqn' as 'sarsa' }, 'algorithm to be one of q-learning'],
        ['an unknown option', { learnRate: 0.1 } as object, 'got learnRate'],
        ['an empty type', { type: '' }, 'type to be a non-empty string'],
      ])('refuses %s', async (_, configuration, message) => {
        await expect(store.agent('other', configuration)).rejects.toEqual(invalid(message))
        expect((await store.agents.list()).map(({ id }) => id)).toEqual([agent.id])
      })

      test.each([[''], [5 as unknown as string], ['a\0b']])('refuses the id %j', async (id) => {
        await expect(store.agent(id)).rejects.toEqual(invalid('agent id to be a non-empty string'))
      })
    })

    describe('learn', () => {
      test('updates the value by the algorithm of the agent', async () => {
        await agent.learn({ state: 's2', action: 'up', reward: 10, terminated: true })
        expect(await learnedValue('s2', 'up')).toBe(1)
        const { value, error } = await agent.learn({ state: 's1', action: 'left', reward: 2, nextState: 's2' })
        expect(error).toBeCloseTo(2 + 0.95 * 1, 14)
        expect(value).toBeCloseTo(0.295, 14)
      })

      test('ignores the next state after a termination, and uses it after a truncation', async () => {
        await agent.learn({ state: 's2', action: 'up', reward: 10, terminated: true })
        const end = { state: 's1', action: 'left', reward: 0, nextState: 's2' }
        expect((await agent.learn({ ...end, terminated: true })).error).toBe(0)
        expect((await agent.learn({ ...end, truncated: true })).error).toBeCloseTo(0.95, 14)
      })

      test('values an unseen action that the next state offers at 0', async () => {
        await agent.learn({ state: 's2', action: 'up', reward: -10, terminated: true })
        const step = { state: 's1', action: 'left', reward: 0, nextState: 's2' }
        expect((await agent.learn(step)).error).toBeCloseTo(-0.95, 14)
        expect((await agent.learn({ ...step, action: 'right', nextActions: actions })).error).toBe(0)
      })

      test('learns an id once', async () => {
        const experience = { id: 'e1', state: 's', action: 'left', reward: 1, terminated: true }
        expect(await agent.learn(experience)).toMatchObject({ id: 'e1', learned: true, value: 0.1 })
        expect(await agent.learn({ ...experience, reward: 5 })).toMatchObject({ id: 'e1', learned: false, value: 0.1 })
        expect(await store.experiences.count()).toBe(1)
        expect(await agent.status()).toMatchObject({ experienceCount: 1 })
      })

      test('decays exploration once per ended episode, down to its floor', async () => {
        await agent.learn({ state: 's', action: 'left', reward: 1, nextState: 's' })
        expect((await agent.status()).currentExplorationRate).toBe(0.2)
        await agent.learn({ state: 's', action: 'left', reward: 1, nextState: 's', truncated: true })
        expect((await agent.status()).currentExplorationRate).toBeCloseTo(0.199, 14)
        const end = { state: 's', action: 'left', reward: 1, terminated: true }
        await agent.learnMany(Array.from({ length: 1000 }, () => end))
        expect((await agent.status()).currentExplorationRate).toBe(0.01)
      })

      test.each<[string, object, string]>([
        ['a NaN reward', { reward: Number.NaN }, 'reward to be a finite number, got NaN'],
        ['an infinite reward', { reward: Number.POSITIVE_INFINITY }, 'reward to be a finite number'],
        ['no reward', { reward: undefined }, 'reward to be a finite number, got undefined'],
        ['a state that is no plain data', { state: new Date(0) }, 'Expected state to hold plain data, got a Date'],
        ['a function as action', { action: () => {} }, 'Expected action to hold plain data'],
        ['no next state', { nextState: undefined }, 'Expected nextState to hold plain data'],
        ['an unknown field', { rewards: 1 }, 'got rewards'],
        ['an empty id', { id: '' }, 'id to be a non-empty string'],
        ['a probability of 0', { behaviorProbability: 0 }, 'behaviorProbability to be a number'],
        ['a number for terminated', { terminated: 1 }, 'terminated to be true or false, got 1'],
        ['actions that are no list', { actions: 'left' }, 'actions to be a list'],
      ])('refuses %s and changes nothing', async (_, wrong, message) => {
        const good = { state: 's', action: 'left', reward: 1, nextState: 's2' }
        const before = await content()
        await expect(agent.learn({ ...good, ...wrong })).rejects.toEqual(invalid(message))
        await expect(agent.learnMany([good, { ...good, ...wrong }, good])).rejects.toEqual(invalid(message))
        expect(await content()).toEqual(before)
        expect(await store.values.get(agent.id, 's')).toEqual([])
      })
    })

    describe('learnMany', () => {
      test('has the same effect as learning one by one', async () => {
        const experiences = Array.from({ length: 200 }, (_, i) => ({
          id: `e${i}`,
          state: `s${i % 7}`,
          action: actions[i % 3] as string,
          reward: (i % 5) - 2,
          nextState: `s${(i * 3) % 7}`,
          terminated: i % 10 === 9,
        }))
        const single = await store.agent('single')
        const batch = await store.agent('batch')
        for (const experience of experiences) await single.learn(experience)
        await batch.learnMany(experiences)
        const values = async (id: string): Promise<unknown> =>
          (await store.values.list({ agentId: id })).map(({ lastUpdated, ...value }) => value)
        expect(await values('batch')).toEqual(await values('single'))
        expect({ ...(await batch.status()), id: '' }).toEqual({ ...(await single.status()), id: '' })
      })
    })

    chanceContract(open)

    describe('selectAction', () => {
      test('returns the probability of the policy', async () => {
        await agent.learn({ state: 's', action: 'left', reward: 1, terminated: true })
        await store.agent(agent.id, { explorationRate: 0.3 })
        const choices = await Promise.all(Array.from({ length: 300 }, () => agent.selectAction('s', { actions })))
        for (const { action, probability, explored, values } of choices) {
          expect(probability).toBeCloseTo(action === 'left' ? 0.7 + 0.1 : 0.1, 14)
          expect(explored).toBe(action !== 'left')
          expect(values.map(({ value, visits }) => [value, visits])).toEqual([
            [0.1, 1],
            [0, 0],
            [0, 0],
          ])
        }
        // 300 draws at 0.8: mean 240, standard deviation 6.9; five of them are allowed.
        const best = choices.filter(({ action }) => action === 'left').length
        expect(Math.abs(best - 240)).toBeLessThan(35)
      })

      test('chooses among the actions seen in the state by default', async () => {
        await agent.learn({ state: 's', action: { strategy: 'b', n: [1] }, reward: 1, terminated: true })
        await agent.learn({ state: 's', action: 'a', reward: -1, terminated: true })
        const { action, probability, values } = await agent.selectAction('s', { greedy: true })
        expect([action, probability]).toEqual([{ n: [1], strategy: 'b' }, 1])
        expect(values.map((one) => one.action)).toEqual(['a', { n: [1], strategy: 'b' }])
      })

      test('rejects an empty list of actions, and duplicates', async () => {
        await expect(agent.selectAction('new')).rejects.toEqual(invalid('actions'))
        await expect(agent.selectAction('new', { actions: [] })).rejects.toEqual(invalid('at least one action'))
        const twice = {
          actions: [
            { a: 1, b: 2 },
            { b: 2, a: 1 },
          ],
        }
        await expect(agent.selectAction('new', twice)).rejects.toEqual(invalid('different from each other'))
        await expect(agent.selectAction('new', { action: 'a' } as object)).rejects.toEqual(invalid('got action'))
      })
    })

    describe('recommendStrategy', () => {
      recommendationContract(() => store)

      test('recommends nothing if nothing was learned', async () => {
        expect(await agent.recommend('new')).toMatchObject({
          actionKey: null,
          action: null,
          probabilityBest: 0,
          interval: null,
          alternatives: [],
          evidence: { visits: 0 },
        })
      })

      test('returns the best known action, with the probability that it is the best, and three alternatives', async () => {
        const other = await store.agent('rated', { learningRate: 1 })
        const rewards = { a: 1.42, b: 0.5, c: -1, d: -5, e: 9 }
        for (const [action, reward] of Object.entries(rewards)) {
          await other.learn({ state: 's', action, reward, terminated: true })
        }
        const { actionKey, probabilityBest, value, alternatives, evidence } = await other.recommend('s')
        expect([actionKey, value, evidence.visits]).toEqual(['e', 9, 1])
        expect(alternatives.map((one) => [one.actionKey, one.value])).toEqual([
          ['a', 1.42],
          ['b', 0.5],
          ['c', -1],
        ])
        const all = [probabilityBest, ...alternatives.map((one) => one.probabilityBest)]
        expect(all).toEqual(all.toSorted((a, b) => b - a))
      })
    })

    describe('experiences', () => {
      test('are listed as recorded, newest first, in stable pages', async () => {
        const full = {
          id: 'full',
          state: { b: [1, 'x'], a: null },
          action: { strategy: 's' },
          reward: -0.5,
          nextState: 'n',
          terminated: false,
          truncated: true,
          actions: ['a', { strategy: 's' }],
          behaviorProbability: 0.25,
          taskId: 't1',
          taskType: 'unit',
          episodeId: 'ep',
        }
        await agent.learn(full)
        expect(await store.experiences.get(agent.id, 'full')).toMatchObject({ ...full, agentId: agent.id })
        for (let i = 0; i < 5; i++)
          await agent.learn({ id: `e${i}`, state: 's', action: 'a', reward: i, nextState: 's' })
        const pages = await Promise.all(
          [0, 2, 4].map((offset) => store.experiences.list({ agentId: agent.id, limit: 2, offset })),
        )
        expect(pages.flat().map(({ id }) => id)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0', 'full'])
        expect(await store.experiences.count({ agentId: agent.id })).toBe(6)
        expect(await store.experiences.count({ agentId: 'nobody' })).toBe(0)
        expect(await store.experiences.get(agent.id, 'none')).toBeUndefined()
      })

      test('can be recorded without learning', async () => {
        const id = await store.experiences.add(agent.id, { state: 's', action: 'a', reward: 1, terminated: true })
        expect(await store.experiences.get(agent.id, id)).toMatchObject({
          taskType: 'qe-test-generator',
          nextState: null,
        })
        expect(await store.values.get(agent.id, 's')).toEqual([])
      })

      test('of an unknown agent are rejected', async () => {
        const experience = { state: 's', action: 'a', reward: 1, terminated: true }
        await expect(store.experiences.add('nobody', experience)).rejects.toEqual(invalid('an agent of this store'))
      })
    })

    test('a second close does nothing, and later calls are rejected', async () => {
      await store.close()
      await store.close()
      await expect(agent.learn({ state: 's', action: 'a', reward: 1, nextState: 's' })).rejects.toMatchObject({
        code: 'CLOSED',
      })
      await expect(store.status()).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(store.flush()).rejects.toMatchObject({ code: 'CLOSED' })
    })
  })
}
