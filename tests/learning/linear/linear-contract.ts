import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LINEAR_ALGORITHMS } from '../../../src/algorithms/algorithms.ts'
import type { AsyncAgent, AsyncStore, Experience, JsonValue } from '../../../src/entry/node.ts'
import { featuresContract } from './features-contract.ts'

const ACTIONS = ['small-model', 'large-model']
const QUERIES: readonly string[] = ['translate a word', 'what time is it', 'prove this theorem', 'write a long essay']

/** The state of a task, which never recurs, and whether it is hard: so is a long one, or one of the last two queries. */
function task(i: number): { readonly state: JsonValue; readonly isHard: boolean } {
  const [length, query] = [((i * 37) % 100) / 100, QUERIES[i % 4] ?? '']
  return { state: { query: `${query} ${i}`, length, isUrgent: i % 3 === 0 }, isHard: i % 4 >= 2 }
}

function experience(i: number, action: string): Experience {
  const { state, isHard } = task(i)
  const reward = Number((action === 'large-model') === isHard)
  return { id: `e${i}`, taskId: i < 30 ? 'first' : 'later', state, action, reward, terminated: true, actions: ACTIONS }
}

/** Agents that learn a linear model. @param open opens an empty store with seed 7 */
export function linearContract(name: string, open: () => Promise<AsyncStore>): void {
  describe.each(LINEAR_ALGORITHMS)(`an agent with %s, ${name}`, (algorithm) => {
    // With few features, so that those that learn exactly can take them.
    const stateOf = (i: number): JsonValue => {
      const { state } = task(i)
      return algorithm === 'linear' ? state : { ...(state as object), query: QUERIES[i % 4] ?? '' }
    }
    let store: AsyncStore
    let agent: AsyncAgent
    beforeEach(async () => {
      store = await open()
      agent = await store.agent('router', { algorithm })
    })
    afterEach(() => store.close())

    const learnAll = async (from: number, to: number, other = agent): Promise<void> => {
      const tasks = Array.from({ length: to - from }, (_, k) => from + k)
      await other.learnMany(
        tasks.map((i) => ({ ...experience(i, ACTIONS[Math.floor(i / 4) % 2] ?? ''), state: stateOf(i) })),
      )
    }
    const greedy = async (i: number): Promise<unknown> =>
      (await agent.selectAction(stateOf(i), { actions: ACTIONS, greedy: true })).action
    const predicted = async (i: number, of = agent): Promise<number[]> =>
      (await of.selectAction(stateOf(i), { actions: ACTIONS, greedy: true })).values.map(({ value }) => value)

    test('learns from states of text, numbers and booleans that never recur', async () => {
      await learnAll(0, 120)
      for (let i = 200; i < 208; i++) expect(await greedy(i)).toBe(task(i).isHard ? 'large-model' : 'small-model')
    })

    test('takes new, missing and other fields at any time', async () => {
      await learnAll(0, 40)
      const states = [{}, { length: 'long', other: [1, 2, 3] }, { isUrgent: null, query: 7 }, 'a text', 3, [true, 'x']]
      for (const state of states) {
        const { action, probability } = await agent.selectAction(state, { actions: ACTIONS })
        expect(probability).toBeGreaterThan(0)
        const { value } = await agent.learn({ state, action, reward: 1, terminated: true })
        expect(value).toBeTypeOf('number')
      }
    })

    test('learns the mean reward where nothing else is known', async () => {
      const state = { mobile: false }
      for (let i = 0; i < 60; i++) {
        for (const [arm, action] of ['a', 'b', 'c'].entries()) {
          await agent.learn({ state, action, reward: Number(i % 4 < arm + 1), terminated: true })
        }
      }
      const { values } = await agent.selectAction(state, { actions: ['a', 'b', 'c'], greedy: true })
      for (const [arm, { value, visits }] of values.entries()) {
        expect(value).toBeCloseTo((arm + 1) / 4, 0)
        expect(visits).toBe(60)
      }
    })

    test('chooses as often as the probabilities say that it returns', async () => {
      await learnAll(0, 12)
      const draws = 400
      let [chosen, expected] = [0, 0]
      for (let i = 0; i < draws; i++) {
        const { action, probability } = await agent.selectAction(stateOf(200), { actions: ACTIONS })
        chosen += Number(action === 'large-model')
        expected += action === 'large-model' ? probability : 1 - probability
      }
      // Four standard deviations of a fair coin.
      expect(Math.abs(chosen - expected)).toBeLessThan(4 * Math.sqrt(draws / 4))
    })

    test('stays finite, and chooses with a distribution, whatever the rewards and the numbers are', async () => {
      const extremes = [1e308, -1e308, 1e200, 0, 1e-300, -1]
      for (const [i, x] of extremes.entries()) {
        await agent.learn({
          state: { x, y: i },
          action: ACTIONS[i % 2] ?? '',
          reward: extremes.at(-1 - i) ?? 0,
          terminated: true,
        })
      }
      for (const x of [...extremes, 3]) {
        const { probability, values } = await agent.selectAction({ x, y: 2 }, { actions: ACTIONS })
        expect(values.every(({ value }) => Number.isFinite(value))).toBe(true)
        expect(probability > 0 && probability <= 1).toBe(true)
      }
    })

    test('recommends by its predictions, and says what they are based on', async () => {
      expect(await agent.recommend(stateOf(0))).toMatchObject({ action: null, probabilityBest: 0 })
      await learnAll(0, 120)
      const { action, alternatives, evidence, interval, probabilityBest, value } = await agent.recommend(stateOf(202))
      expect([action, interval, evidence.from]).toEqual(['large-model', null, 'all states'])
      expect([value, alternatives[0]?.value]).toEqual((await predicted(202)).toReversed())
      expect(probabilityBest).toBeGreaterThan(0.5)
      expect(alternatives[0]?.action).toBe('small-model')
      expect(await agent.recommend(stateOf(202), { actions: ['small-model'] })).toMatchObject({ action: 'small-model' })
      expect(await agent.recommend(stateOf(202), { actions: ['other'] })).toMatchObject({ action: null })
    })

    test('learns from what was only recorded when it is replayed, as if it had learned it at once', async () => {
      await learnAll(0, 60)
      const other = await store.agent('recording', { algorithm })
      for (let i = 0; i < 60; i++) {
        await other.experiences.add({ ...experience(i, ACTIONS[Math.floor(i / 4) % 2] ?? ''), state: stateOf(i) })
      }
      expect(await predicted(200, other)).not.toEqual(await predicted(200))
      expect(await other.replay()).toEqual({ replayed: 60, meanError: 0 })
      expect(await predicted(200, other)).toEqual(await predicted(200))
      expect((await other.status()).experienceCount).toBe(60)
      expect((await other.replay()).replayed).toBe(0)
    })

    test('an invalid experience among several changes nothing', async () => {
      await learnAll(0, 30)
      const before = await predicted(200)
      const { id: _, ...valid } = experience(50, 'large-model')
      await expect(agent.learnMany([valid, { ...valid, reward: Number.NaN }])).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
      expect(await predicted(200)).toEqual(before)
      expect((await agent.status()).experienceCount).toBe(30)
    })

    test('an experience that was sent twice counts once', async () => {
      await learnAll(0, 30)
      const before = await predicted(200)
      expect(await agent.learn({ ...experience(3, 'large-model'), state: stateOf(3) })).toMatchObject({
        learned: false,
      })
      expect(await predicted(200)).toEqual(before)
    })

    test('learns again from what is left when experiences are deleted', async () => {
      await learnAll(0, 40)
      const other = await store.agent('without', { algorithm })
      await learnAll(0, 30, other)
      expect(await agent.experiences.delete({ text: 'later' })).toBe(10)
      expect(await predicted(200)).toEqual(await predicted(200, other))
    })

    test('predicts the same after its experiences were pruned', async () => {
      await learnAll(0, 100)
      const before = await predicted(200)
      expect(await store.prune({ experiences: { perAgent: 30 } })).toMatchObject({ experiences: 50 })
      expect(await predicted(200)).toEqual(before)
    })

    test('knows nothing after a reset', async () => {
      const before = await predicted(200)
      await learnAll(0, 30)
      await store.resetAgent('router')
      expect(await predicted(200)).toEqual(before)
      expect((await agent.selectAction(stateOf(1), { actions: ACTIONS })).values.map(({ visits }) => visits)).toEqual([
        0, 0,
      ])
    })

    test('learns from completed tasks', async () => {
      const completed = { state: stateOf(2), success: true, executionTimeMs: 5, taskType: 'chat' }
      await agent.learnFromExecution({ ...completed, action: 'small-model', reward: 0 })
      expect(await agent.learnFromExecution({ ...completed, action: 'large-model', reward: 1 })).toMatchObject({
        learned: true,
        replayed: 0,
      })
      expect(await greedy(2)).toBe('large-model')
    })

    test('explains a prediction by the features of the state', async () => {
      for (let i = 0; i < 40; i++) {
        const state = { kind: i % 2 ? 'call' : 'mail', hour: i % 12 }
        await agent.learn({ state, action: 'answer', reward: i % 2, terminated: true })
      }
      const state = { kind: 'call', hour: 4 }
      const { value, contributions } = await agent.explain(state, { action: 'answer' })
      const [choice] = (await agent.selectAction(state, { actions: ['answer'] })).values
      expect(value).toBe(choice?.value)
      const speaking = contributions.map(({ feature, contribution }) => [feature, Math.sign(contribution)])
      expect(speaking).toContainEqual(['kind=call', 1])
      expect(
        (await agent.explain({ ...state, kind: 'mail' }, { action: 'answer', limit: 1 })).contributions,
      ).toHaveLength(1)
      expect(await agent.explain(state, { action: 'never tried' })).toMatchObject({ contributions: [] })
      const best = await agent.explain(state)
      expect(best).toMatchObject({ action: 'answer', value, contributions })
      await agent.learn({ state, action: 'wait', reward: 3, terminated: true })
      expect(await agent.explain(state)).toMatchObject({ action: 'wait' })
      const fresh = await store.agent('fresh', { algorithm })
      expect(await fresh.explain(state)).toEqual({ action: null, value: 0, contributions: [] })
      await expect(agent.explain(state, { action: 'answer', limit: -1 })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
      const table = await store.agent('table')
      await expect(table.explain(state)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    })

    test('refuses what needs a table of values', async () => {
      await expect(store.agent('x', { algorithm, planningSteps: 1 })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
      await expect(store.agent('x', { algorithm, nStep: 2 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(agent.plan()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
      expect(await agent.values.list()).toEqual([])
      expect(await store.values.listByState('router')).toEqual([])
    })

    test('predicts the values of a state for what asks for them', async () => {
      expect(await agent.values.get(stateOf(0))).toEqual([])
      await learnAll(0, 40)
      const [large, small] = await agent.values.get(stateOf(200))
      expect([small?.value, large?.value]).toEqual(await predicted(200))
      expect([small, large]).toMatchObject([
        { action: 'small-model', visits: 20 },
        { action: 'large-model', visits: 20 },
      ])
      expect(await store.values.getMany('router', [stateOf(200), stateOf(201)])).toEqual([
        await agent.values.get(stateOf(200)),
        await agent.values.get(stateOf(201)),
      ])
    })

    test('its policy in the thread of the caller predicts the same at any time', async () => {
      await learnAll(0, 30)
      const policy = await agent.policy({ seed: 3 })
      const predictedHere = (i: number): unknown =>
        policy.selectAction(stateOf(i), { actions: ACTIONS, greedy: true }).values
      const predictedThere = async (i: number): Promise<unknown> =>
        (await agent.selectAction(stateOf(i), { actions: ACTIONS, greedy: true })).values
      const changes: readonly (() => Promise<unknown>)[] = [
        async () => {},
        () => learnAll(30, 60),
        () => agent.experiences.add({ ...experience(60, 'large-model'), state: stateOf(60) }),
        () => agent.replay(),
        () => agent.experiences.delete({ text: 'later' }),
        () => learnAll(61, 90),
        () => store.prune({ experiences: { perAgent: 20 } }),
        () => learnAll(90, 95),
        () => store.resetAgent('router'),
        () => learnAll(95, 100),
        () => store.agent('router', { algorithm: 'sarsa' }),
        () => learnAll(100, 104),
        () => store.agent('router', { algorithm }),
      ]
      for (const change of changes) {
        await change()
        await policy.fresh()
        for (const i of [1, 200]) expect(predictedHere(i)).toEqual(await predictedThere(i))
        expect(policy.valuesOf(stateOf(1))).toEqual(await agent.values.get(stateOf(1)))
      }
      policy.close()
    })

    test('its policy follows what is learned, and chooses as often as the probabilities say', async () => {
      await learnAll(0, 30)
      const policy = await agent.policy({ seed: 3 })
      await learnAll(30, 60)
      const there = await agent.values.get(stateOf(200))
      await expect.poll(() => policy.valuesOf(stateOf(200)), { timeout: 120_000 }).toEqual(there)
      const draws = 400
      let [chosen, expected] = [0, 0]
      for (let i = 0; i < draws; i++) {
        const { action, probability } = policy.selectAction(stateOf(200), { actions: ACTIONS })
        chosen += Number(action === 'large-model')
        expected += action === 'large-model' ? probability : 1 - probability
      }
      expect(Math.abs(chosen - expected)).toBeLessThan(4 * Math.sqrt(draws / 4))
      policy.close()
      expect(() => policy.selectAction(stateOf(1), { actions: ACTIONS })).toThrow(
        expect.objectContaining({ code: 'CLOSED' }),
      )
    })
  })

  featuresContract(name, open)

  test(`a table has no linear policy, and linear no tabular one, ${name}`, async () => {
    const store = await open()
    for (const configuration of [
      { policy: 'squarecb' },
      { policy: 'thompson' },
      { algorithm: 'linear', policy: 'ucb1' },
      { algorithm: 'linear', policy: 'thompson-beta' },
    ] as const) {
      await expect(store.agent('x', configuration)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect(await (await store.agent('linear', { algorithm: 'linear' })).status()).toMatchObject({ policy: 'squarecb' })
    expect(await (await store.agent('linear', { algorithm: 'sarsa' })).status()).toMatchObject({
      policy: 'epsilon-greedy',
    })
    await store.close()
  })

  test(`an agent that changes its algorithm learns from the experiences that it has, ${name}`, async () => {
    const store = await open()
    const values: unknown[] = []
    for (const algorithm of ['linear', 'lin-ucb', 'lin-ts', 'linear'] as const) {
      const agent = await store.agent('changing', { algorithm })
      if (values.length === 0) {
        for (let i = 0; i < 40; i++)
          await agent.learn({ state: i / 40, action: 'a', reward: Number(i > 20), terminated: true })
      }
      await store.compact()
      const { values: seen } = await agent.selectAction(0.9, { actions: ['a', 'b'], greedy: true })
      expect(seen[0]?.visits).toBe(40)
      expect(Math.abs((seen[0]?.value ?? 0) - 1)).toBeLessThan(0.3)
      values.push(seen[0]?.value)
    }
    expect(values[3]).toBe(values[0])
    expect(values[2]).toBe(values[1])
    await store.close()
  })

  test(`an agent that learns exactly refuses more than 200 features, and keeps what it has, ${name}`, async () => {
    const store = await open()
    const agent = await store.agent('exact', { algorithm: 'lin-ucb' })
    const words = (from: number): string => Array.from({ length: 150 }, (_, i) => `word${from + i}`).join(' ')
    await agent.learn({ state: words(0), action: 'a', reward: 1, terminated: true })
    const before = await agent.recommend(words(0))
    await expect(agent.learn({ state: words(150), action: 'a', reward: 1, terminated: true })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/at most 200 features .* got 301; the algorithm linear has no limit/),
    })
    expect(await agent.recommend(words(0))).toEqual(before)
    expect(await agent.experiences.count()).toBe(1)
    await store.close()
  })
}
