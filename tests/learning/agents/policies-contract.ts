import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncStore, LearnerConfiguration } from '../../../src/entry/node.ts'

const ARMS = ['a', 'b', 'c']

/** What every client of a store promises of the ways in which agents choose, step and plan. */
export function policiesContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`policies, ${name}`, () => {
    let store: AsyncStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    /** An agent that was paid these rewards for each arm, and how likely it takes each. */
    async function probabilities(
      configuration: Partial<LearnerConfiguration>,
      paid: readonly (readonly number[])[],
    ): Promise<number[]> {
      const agent = await store.agent('player', { learningRateSchedule: 'sample-average', ...configuration })
      for (const [arm, rewards] of paid.entries()) {
        for (const reward of rewards) await agent.learn({ state: 0, action: ARMS[arm] ?? '', reward, terminated: true })
      }
      const found = new Map<unknown, number>()
      for (let i = 0; i < 300 && found.size < ARMS.length; i++) {
        const { action, probability } = await agent.selectAction(0, { actions: ARMS })
        found.set(action, probability)
      }
      return ARMS.map((arm) => found.get(arm) ?? 0)
    }

    test('a value with sample averages is the mean of the rewards', async () => {
      const agent = await store.agent('mean', { learningRateSchedule: 'sample-average' })
      for (const reward of [1, 2, 6]) await agent.learn({ state: 0, action: 'a', reward, terminated: true })
      expect(await store.values.get('mean', 0)).toEqual([{ action: 'a', value: 3, visits: 3 }])
    })

    test('a new agent with a bandit policy and no given rate learns means', async () => {
      for (const policy of ['ucb1', 'thompson-gaussian', 'thompson-beta'] as const) {
        const agent = await store.agent(policy, { policy })
        for (const reward of [0, 1, 0.5]) await agent.learn({ state: 0, action: 'a', reward, terminated: true })
        expect(await store.values.get(policy, 0)).toEqual([{ action: 'a', value: 0.5, visits: 3 }])
        expect(await (await store.agent(policy, { policy })).status()).toMatchObject({
          learningRateSchedule: 'sample-average',
        })
        const rated = await store.agent(`${policy}, rate`, { policy, learningRate: 0.2 })
        expect(await rated.status()).toMatchObject({ learningRateSchedule: 'constant', learningRate: 0.2 })
        const given = await store.agent(`${policy}, given`, { policy, learningRateSchedule: 'constant' })
        expect(await given.status()).toMatchObject({ learningRateSchedule: 'constant' })
      }
      expect(await (await store.agent('plain', { policy: 'softmax' })).status()).toMatchObject({
        learningRateSchedule: 'constant',
      })
    })

    test('softmax takes an action e times as often as one that is worth one temperature less', async () => {
      const [a = 0, b = 0, c = 0] = await probabilities({ policy: 'softmax', temperature: 2 }, [[4], [2], [4]])
      expect(a / b).toBeCloseTo(Math.E, 9)
      expect(c).toBe(a)
      expect(a + b + c).toBeCloseTo(1, 9)
    })

    test('UCB1 takes untried actions first, then the greatest bound', async () => {
      expect(await probabilities({ policy: 'ucb1' }, [[9], [9]])).toEqual([0, 0, 1])
      // Means and bounds: 1 + s * sqrt(ln 6 / 4), 0.9 + s * sqrt(ln 6), 0 + s * sqrt(ln 6); with s = 0.1 the second is greatest.
      const agent = await store.agent('bounds', {
        policy: 'ucb1',
        ucbScale: 0.1,
        rewardScale: 1,
        learningRateSchedule: 'sample-average',
      })
      for (const [action, reward] of [
        ['a', 1],
        ['a', 1],
        ['a', 1],
        ['a', 1],
        ['b', 0.95],
        ['c', 0],
      ] as const) {
        await agent.learn({ state: 0, action, reward, terminated: true })
      }
      expect(await agent.selectAction(0)).toMatchObject({ action: 'b', probability: 1, explored: true })
      expect(await agent.selectAction(0, { greedy: true })).toMatchObject({ action: 'a', explored: false })
    })

    test('Thompson sampling takes each action with the probability that it is the best', async () => {
      // Nothing known: all alike. One success in one pull against none in one, uniform priors: 1 - 1/6.
      for (const policy of ['thompson-gaussian', 'thompson-beta'] as const) {
        for (const share of await probabilities({ policy }, [])) expect(share).toBeCloseTo(1 / 3, 3)
      }
      const agent = await store.agent('beta', { policy: 'thompson-beta', learningRateSchedule: 'sample-average' })
      await agent.learn({ state: 0, action: 'a', reward: 1, terminated: true })
      await agent.learn({ state: 0, action: 'b', reward: 0, terminated: true })
      const { action, probability } = await agent.selectAction(0)
      expect(action === 'a' ? probability : 1 - probability).toBeCloseTo(5 / 6, 2)
    })

    test('rewards that the policy cannot use are refused, and change nothing', async () => {
      const agent = await store.agent('beta', { policy: 'thompson-beta', learningRateSchedule: 'sample-average' })
      await agent.learn({ state: 0, action: 'a', reward: 1, terminated: true })
      const { sequence } = await store.status()
      const bad = { state: 0, action: 'a', reward: 50, terminated: true }
      const refused = [
        () => agent.learn(bad),
        () => agent.learnMany([{ ...bad, reward: 0 }, bad]),
        () => agent.learnFromExecution({ state: 0, action: 'a', reward: -0.1, success: false }),
        () => agent.experiences.add(bad),
        () => store.experiences.add('beta', { ...bad, reward: 1.5 }),
      ]
      for (const operation of refused) {
        await expect(operation()).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining('Expected reward to be from 0 to 1, the range'),
        })
      }
      expect((await store.status()).sequence).toBe(sequence)
      expect(await agent.selectAction(0)).toMatchObject({ action: 'a', probability: 1 })
    })

    test('a reward range maps rewards of another scale', async () => {
      const configuration = { policy: 'thompson-beta', learningRateSchedule: 'sample-average' } as const
      const probabilityOfB = async (id: string, rewardRange: readonly [number, number] | null): Promise<number> => {
        const [low, high] = rewardRange ?? [0, 1]
        const agent = await store.agent(id, { ...configuration, rewardRange })
        for (const [action, reward] of [
          ['a', 0.25],
          ['b', 1],
          ['b', 0.5],
        ] as const) {
          await agent.learn({ state: 0, action, reward: low + reward * (high - low), terminated: true })
        }
        const { action, probability } = await agent.selectAction(0, { actions: ['a', 'b'] })
        return action === 'b' ? probability : 1 - probability
      }
      const expected = await probabilityOfB('shares', null)
      expect(expected).toBeGreaterThan(0.6)
      expect(await probabilityOfB('percent', [0, 100])).toBeCloseTo(expected, 12)
      expect(await probabilityOfB('costs', [-3, -1])).toBeCloseTo(expected, 12)
      const percent = await store.agent('percent')
      expect(await percent.status()).toMatchObject({ rewardRange: [0, 100] })
      await expect(percent.learn({ state: 0, action: 'a', reward: 101, terminated: true })).rejects.toMatchObject({
        message: expect.stringContaining('Expected reward to be from 0 to 100, the range'),
      })
      await store.agent('percent', { policy: 'softmax', rewardRange: null })
      await percent.learn({ state: 0, action: 'a', reward: 101, terminated: true })
    })

    test('values beyond the reward range do not keep Thompson sampling of successes from choosing', async () => {
      const agent = await store.agent('late', { learningRate: 1 })
      await agent.learn({ state: 0, action: 'a', reward: 50, terminated: true })
      await agent.learn({ state: 0, action: 'b', reward: 0, terminated: true })
      await store.agent('late', { policy: 'thompson-beta' })
      const { action, probability } = await agent.selectAction(0)
      expect(action === 'a' ? probability : 1 - probability).toBeCloseTo(5 / 6, 2)
    })

    test('planning steps propagate a reward back along earlier transitions', async () => {
      const steps = { learningRate: 1, discountFactor: 0.5, planningSteps: 100 }
      const agent = await store.agent('planner', steps)
      await agent.learn({ state: 1, action: 'on', reward: 0, nextState: 2 })
      await agent.learn({ state: 2, action: 'on', reward: 0, nextState: 3 })
      await agent.learn({ state: 3, action: 'on', reward: 8, terminated: true })
      const values = await store.values.getMany(agent.id, [1, 2, 3])
      // 100 draws from 3 pairs miss one of them in order with a chance below 1e-9.
      expect(values.map(([on]) => on?.value)).toEqual([2, 4, 8])
      expect(values.map(([on]) => on?.visits)).toEqual([1, 1, 1])
    })

    test('LinUCB learns the value of each action from the features of the state', async () => {
      const agent = await store.agent('linear', { algorithm: 'lin-ucb', ucbScale: 0.01 })
      for (let i = 0; i < 40; i++) {
        const size = (i % 5) / 4
        await agent.learn({ state: { size, bias: true }, action: 'grows', reward: size, terminated: true })
        await agent.learn({ state: { size, bias: true }, action: 'falls', reward: 1 - size, terminated: true })
      }
      expect(await agent.selectAction({ size: 1, bias: true })).toMatchObject({ action: 'grows', probability: 1 })
      expect(await agent.selectAction({ size: 0, bias: true })).toMatchObject({ action: 'falls', probability: 1 })
      const recommendation = await agent.recommend({ size: 0.9, bias: true })
      expect(recommendation).toMatchObject({
        actionKey: 'grows',
        interval: null,
        evidence: { from: 'all states', visits: 40 },
      })
      // Ridge regression shrinks a little.
      expect(Math.abs(recommendation.value - 0.9)).toBeLessThan(0.1)
      expect(recommendation.probabilityBest).toBeGreaterThan(0.9)
      const offered = await agent.recommend({ size: 0.9, bias: true }, { actions: ['falls', 'new'] })
      expect(offered).toMatchObject({ actionKey: 'falls', alternatives: [] })
      expect(offered.probabilityBest).toBeLessThan(0.9)
    })

    test.each<[object, string]>([
      [{ policy: 'greedy' }, 'Expected policy to be one of epsilon-greedy, softmax'],
      [{ learningRateSchedule: '1/N' }, 'Expected learningRateSchedule to be one of constant, sample-average'],
      [{ temperature: 0 }, 'Expected temperature to be a number above 0'],
      [{ ucbScale: -1 }, 'Expected ucbScale to be a number from 0'],
      [{ planningSteps: 1.5 }, 'Expected planningSteps to be an integer of at least 0'],
      [{ rewardRange: [1, 0] }, 'Expected rewardRange to be [low, high]'],
      [{ rewardRange: [0, Number.POSITIVE_INFINITY] }, 'Expected rewardRange to be [low, high]'],
      [{ rewardRange: [0] }, 'Expected rewardRange to be [low, high]'],
      [{ planningSteps: 1e6 }, 'Expected planningSteps to be a number from 0 to 1000'],
    ])('refuses %j', async (configuration, message) => {
      await expect(store.agent('refused', configuration)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(message),
      })
    })
  })
}
