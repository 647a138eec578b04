import { beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore, JsonValue } from '../../../src/entry/node.ts'

/** What every client of a store promises of the evidence behind recommendation. @param opened the store of the test that runs. */
export function recommendationContract(opened: () => AsyncStore): void {
  let store: AsyncStore
  let agent: AsyncAgent
  beforeEach(async () => {
    store = opened()
    agent = await store.agent('advised', { learningRate: 1, discountFactor: 0.9 })
  })
  const ended = (id: string, state: JsonValue, action: JsonValue, reward: number) => ({
    id,
    state,
    action,
    reward,
    terminated: true,
  })

  describe('the interval of the mean reward', () => {
    const intervalAfter = async (...rewards: readonly number[]) => {
      await agent.learnMany(rewards.map((reward, i) => ended(`e${i}`, 's', 'a', reward)))
      return (await agent.recommend('s')).interval
    }

    test('is by Student from ten rewards on, all of them, if their range is not known', async () => {
      expect(await intervalAfter(...Array<number>(9).fill(5))).toBe(null)
      await agent.learn(ended('tenth', 's', 'a', 7))
      const { interval } = await agent.recommend('s')
      // Mean 5.2, variance .4, t(0.975; 9) = 2.262157.
      expect(interval?.lower).toBeCloseTo(5.2 - 2.262157 * Math.sqrt(0.04), 5)
      expect(interval?.upper).toBeCloseTo(5.2 + 2.262157 * Math.sqrt(0.04), 5)
    })

    test("is Wilson's for rewards that are all 0 or 1", async () => {
      // 81 in 263: Newcombe (1998), table I, method 3.
      const interval = await intervalAfter(...Array.from({ length: 263 }, (_, i) => (i < 81 ? 1 : 0)))
      expect([interval?.lower.toFixed(4), interval?.upper.toFixed(4)]).toEqual(['0.2553', '0.3662'])
    })

    test('is that of the rewards mapped from their range', async () => {
      await store.agent(agent.id, { rewardRange: [-10, 10] })
      // Wilson's for 15 in 20, .5313 to .8881 (Wilson 1927), times 20 minus 10.
      const interval = await intervalAfter(...Array.from({ length: 20 }, () => 5))
      expect([interval?.lower.toFixed(2), interval?.upper.toFixed(2)]).toEqual(['0.63', '7.76'])
      expect((await agent.recommend('s', { rewardRange: [0, 10] })).interval?.lower).toBeGreaterThan(2)
      // A range that the rewards leave is none.
      expect((await agent.recommend('s', { rewardRange: [6, 10] })).interval?.lower).toBe(5)
    })

    test('does not exist after one experience, nor if it overflows', async () => {
      expect(await intervalAfter(1)).toBe(null)
      const huge = Array.from({ length: 12 }, (_, i) => ended(`huge-${i}`, 't', 'a', i % 2 ? 1e300 : -1e300))
      await agent.learnMany(huge)
      expect((await agent.recommend('t')).interval).toBe(null)
    })

    test('does not exist for a value that includes that of the next state, unless it is not discounted to it', async () => {
      const steps = Array.from({ length: 12 }, () => ({ state: 's1', action: 'left', reward: 1, nextState: 's2' }))
      await agent.learnMany(steps)
      expect((await agent.recommend('s1')).interval).toBe(null)
      await store.agent(agent.id, { discountFactor: 0 })
      expect((await agent.recommend('s1')).interval?.upper).toBe(1)
    })
  })

  describe('the probability of being the best', () => {
    test('is 0 without knowledge, and 1 without other actions', async () => {
      expect(await agent.recommend('s')).toMatchObject({ action: null, probabilityBest: 0, interval: null })
      await agent.learn(ended('e', 's', 'a', -7))
      expect(await agent.recommend('s')).toMatchObject({ action: 'a', probabilityBest: 1, value: -7 })
    })

    test('after one lucky try is below that of 95 successes in 100', async () => {
      const sure = Array.from({ length: 100 }, (_, i) => ended(`e${i}`, 's', 'sure', i % 20 === 7 ? 0 : 1))
      await agent.learnMany([...sure, ended('luck', 's', 'lucky', 1)])
      const { action, probabilityBest, alternatives } = await agent.recommend('s')
      // Of Beta(96, 6) above Beta(2, 1): the expectation of x^2, 96 * 97 / (102 * 103).
      expect([action, alternatives[0]?.action]).toEqual(['sure', 'lucky'])
      expect(Math.abs(probabilityBest - (96 * 97) / (102 * 103))).toBeLessThan(0.01)
      expect(probabilityBest + (alternatives[0]?.probabilityBest ?? 0)).toBeCloseTo(1, 12)
    })

    test('after one lucky try is below that of 95 successes in 100 also before a next state, and in a similar state', async () => {
      await store.agent(agent.id, { learningRateSchedule: 'sample-average' })
      const step = { state: { x: 1, y: 2, z: 3 }, nextState: 'next' }
      const sure = Array.from({ length: 100 }, (_, i) => ({ ...step, action: 'sure', reward: i % 20 === 7 ? 0 : 1 }))
      await agent.learnMany([...sure, { ...step, action: 'lucky', reward: 1 }])
      for (const state of [step.state, { ...step.state, z: 4 }]) {
        const { action, probabilityBest, alternatives } = await agent.recommend(state)
        expect([action, alternatives[0]?.action]).toEqual(['sure', 'lucky'])
        expect(probabilityBest).toBeGreaterThan(alternatives[0]?.probabilityBest ?? 1)
      }
    })

    test('may be small for an action that was tried often, which is recommended still', async () => {
      const rare = Array.from({ length: 100 }, (_, i) => ended(`e${i}`, 's', 'rare', i % 20 === 7 ? 1 : 0))
      await agent.learnMany([...rare, ended('failure', 's', 'unlucky', 0)])
      const { action, probabilityBest } = await agent.recommend('s')
      // Of Beta(6, 96) above Beta(1, 2): the expectation of 1 - (1 - x)^2, 1 - 96 * 97 / (102 * 103).
      expect(action).toBe('rare')
      expect(Math.abs(probabilityBest - (1 - (96 * 97) / (102 * 103)))).toBeLessThan(0.01)
    })

    test('does not depend on the scale of the rewards', async () => {
      const tries = [0, 1, 1, 0, 1].flatMap((reward, i) => [
        ended(`a${i}`, 's', 'a', reward),
        ended(`b${i}`, 's', 'b', 1 - reward),
      ])
      const scaled = tries.map((one) => ({ ...one, id: `${one.id}!`, state: 't', reward: 200 * one.reward - 500 }))
      await agent.learnMany([...tries, ...scaled])
      const [plain, costs] = [await agent.recommend('s'), await agent.recommend('t')]
      expect(costs.action).toBe('a')
      expect(costs.probabilityBest).toBeCloseTo(plain.probabilityBest, 9)
    })

    test('is highest for the smaller of two costs', async () => {
      await agent.learnMany([ended('e1', 's', 'cheap', -1), ended('e2', 's', 'dear', -5)])
      const { action, probabilityBest } = await agent.recommend('s')
      // Of Beta(2, 1) above Beta(1, 2).
      expect(action).toBe('cheap')
      expect(Math.abs(probabilityBest - 5 / 6)).toBeLessThan(0.01)
    })

    test('counts available actions that were not tried, and recommends none of them', async () => {
      await agent.learn(ended('e', 's', 'a', 1))
      const { action, probabilityBest } = await agent.recommend('s', { actions: ['a', 'b'] })
      expect(action).toBe('a')
      // Of Beta(2, 1) above Beta(1, 1).
      expect(Math.abs(probabilityBest - 2 / 3)).toBeLessThan(0.01)
    })

    test('of values that include those of next states depends on their place among all values', async () => {
      await store.agent(agent.id, { learningRate: 0.5 })
      await agent.learnMany([
        { state: 's', action: 'a', reward: 1, nextState: 't' },
        { state: 's', action: 'b', reward: 1.01, nextState: 't' },
        ended('far', 'u', 'a', 100),
      ])
      const { action, probabilityBest } = await agent.recommend('s')
      expect(action).toBe('b')
      expect(Math.abs(probabilityBest - 0.5)).toBeLessThan(0.02)
    })
  })

  describe('with the available actions', () => {
    test('no other action is recommended or an alternative', async () => {
      await agent.learnMany(['a', 'b', 'c'].map((action, i) => ended(action, { x: 1, y: 2, z: 3 }, action, i)))
      const state = { x: 1, y: 2, z: 3 }
      expect(await agent.recommend(state, { actions: ['b', 'a'] })).toMatchObject({
        action: 'b',
        alternatives: [{ action: 'a' }],
      })
      expect(await agent.recommend({ ...state, z: 4 }, { actions: ['a'] })).toMatchObject({
        action: 'a',
        alternatives: [],
        evidence: { from: 'similar states', experienceIds: ['a'] },
      })
      const none = await agent.recommend(state, { actions: ['d'] })
      expect(none).toMatchObject({ action: null, probabilityBest: 0, alternatives: [], evidence: { from: 'nothing' } })
      expect(none.reasoning).toBe('None of the available actions was tried in this state or a similar one.')
    })

    test.each([
      ['no action', { actions: [] }, 'at least one action'],
      ['an action twice', { actions: ['a', 'a'] }, 'different'],
      ['an empty range', { rewardRange: [1, 1] }, 'low below high'],
      ['one end of a range', { rewardRange: [1] }, 'low below high'],
      ['an unknown option', { action: 'a' }, 'got action'],
    ] as const)('refuses %s', async (_, options, message) => {
      await expect(agent.recommend('s', options as object)).rejects.toThrow(message)
    })
  })

  describe('the evidence of a seen state', () => {
    test('is the experiences with the action, newest first', async () => {
      const other = await store.agent('another')
      await other.learn(ended('theirs', 's', 'a', 9))
      await agent.learnMany([ended('e1', 's', 'a', 1), ended('e2', 's', 'a', 2), ended('e3', 's', 'a', 3)])
      await agent.learnMany([ended('e4', 's', 'b', 0), ended('e5', 't', 'a', 0)])
      const { evidence, actionKey, value } = await agent.recommend('s')
      expect([actionKey, value]).toEqual(['a', 3])
      expect(evidence).toMatchObject({ from: 'this state', visits: 3, experienceIds: ['e3', 'e2', 'e1'] })
      expect(evidence.states).toEqual([{ state: 's', stateKey: 's', similarity: 1 }])
    })

    test('lists the newest ten experiences', async () => {
      await agent.learnMany(Array.from({ length: 60 }, (_, i) => ended(`e${i}`, 's', 'a', 1)))
      const { visits, experienceIds } = (await agent.recommend('s')).evidence
      expect([visits, experienceIds]).toEqual([60, Array.from({ length: 10 }, (_, i) => `e${59 - i}`)])
    })

    test('includes experiences that were added without learning, and those of tasks', async () => {
      await agent.learn(ended('e1', 's', 'a', 1))
      await store.experiences.add(agent.id, ended('e2', 's', 'a', 1))
      await agent.learnFromExecution({ id: 'e3', state: 's', action: 'a', reward: 1, success: true })
      const { visits, experienceIds } = (await agent.recommend('s')).evidence
      expect([visits, experienceIds]).toEqual([2, ['e3', 'e2', 'e1']])
    })

    test('is found for all states and actions, with names in any order', async () => {
      const state = { 'b.c': -0, b: { '': '1', c: [{}, null, [1e21]] }, 10: 'a|b:c', 9: true, complexity: 0.5 }
      const turned = { complexity: 0.5, 9: true, 10: 'a|b:c', b: { c: [{}, null, [1e21]], '': '1' }, 'b.c': 0 }
      const action = { strategy: 'ü"\\', parallelization: 0.7, a: [] }
      await agent.learnMany([ended('e1', state, action, 1), ended('e2', turned, action, 1)])
      expect((await agent.recommend(turned)).evidence.experienceIds).toEqual(['e2', 'e1'])
    })
  })

  describe('in a state where nothing was learned', () => {
    const seen = { browser: 'firefox', load: 10, tags: ['a', 'b'] }
    const learnNearby = () =>
      agent.learnMany([
        ended('r1', seen, 'retry', 5),
        ended('far', { browser: 'chrome', load: 0, tags: [] }, 'restart', 2),
        ended('other', { browser: 'firefox', load: 5, tags: ['a'] }, 'retry', -1),
        ended('r2', seen, 'retry', 1),
        ended('w1', seen, 'wait', 0),
      ])

    test('the recommendation comes from the most similar states, and says so', async () => {
      await learnNearby()
      const recommendation = await agent.recommend({ browser: 'firefox', load: 8, tags: ['b', 'a'] })
      // Loads spread over 10. (1 + 0.8 + 1)/3 and (1 + 0.7 + 1/2)/3; the third, (0 + 0.2 + 0)/3, is too far.
      const [first, second] = [2.8 / 3, 2.2 / 3]
      expect(recommendation.evidence.states.map(({ state, stateKey }) => [state, stateKey])).toEqual([
        [seen, 'browser:firefox|load:10|tags:a,b'],
        [{ browser: 'firefox', load: 5, tags: ['a'] }, 'browser:firefox|load:5|tags:a,'],
      ])
      expect(recommendation.evidence.states[0]?.similarity).toBeCloseTo(first, 12)
      expect(recommendation.evidence.states[1]?.similarity).toBeCloseTo(second, 12)
      // Weights: similarity * (visits + 1)/(visits + 2). Values 1 after two visits and -1 after one.
      const weights = [(first * 3) / 4, (second * 2) / 3] as const
      const sum = weights[0] + weights[1]
      const value = (weights[0] - weights[1]) / sum
      expect([recommendation.actionKey, recommendation.action]).toEqual(['retry', 'retry'])
      expect(recommendation.value).toBeCloseTo(value, 12)
      const similarity = (weights[0] * first + weights[1] * second) / sum
      expect(recommendation.similarity).toBeCloseTo(similarity, 12)
      expect(recommendation.alternatives.map(({ actionKey }) => actionKey)).toEqual(['wait'])
      expect(recommendation.alternatives[0]).toMatchObject({ value: 0, similarity: first })
      expect(recommendation.probabilityBest + (recommendation.alternatives[0]?.probabilityBest ?? 0)).toBeCloseTo(1, 12)
      expect(recommendation.evidence).toMatchObject({ from: 'similar states', visits: 3 })
      expect(recommendation.interval).toBe(null)
      expect(recommendation.evidence.experienceIds).toEqual(['r2', 'other', 'r1'])
      expect(recommendation.evidence.lastUpdated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(recommendation.reasoning).toBe(
        'Nothing was learned in this state; the nearest of 3 seen states is browser:firefox|load:10|tags:a,b ' +
          '(similarity 0.93 by Gower). The best of 2 known in 2 such states: value 0.178 after 3 experiences.',
      )
    })

    test('states of another agent are ignored', async () => {
      await learnNearby()
      const other = await store.agent('another')
      expect(await other.recommend({ ...seen, load: 8 })).toMatchObject({
        actionKey: null,
        reasoning: 'Nothing was learned yet.',
        evidence: { from: 'nothing', states: [] },
      })
    })

    test('only the values of the state count once it has some', async () => {
      await learnNearby()
      const state = { ...seen, load: 8 }
      await agent.learn(ended('own', state, 'wait', 0.5))
      expect(await agent.recommend(state)).toMatchObject({
        actionKey: 'wait',
        alternatives: [],
        evidence: { from: 'this state', experienceIds: ['own'] },
      })
    })

    test.each<[string, JsonValue, JsonValue]>([
      ['its kind only', 's1', 's2'],
      ['half of it', { a: 'x', b: 'y' }, { a: 'x', b: 'z' }],
    ])('a state that shares %s is too far, and recommendation is the default', async (_, known, asked) => {
      await agent.learn(ended('e1', known, 'a', 1))
      const recommendation = await agent.recommend(asked)
      expect(recommendation).toMatchObject({
        actionKey: null,
        action: null,
        probabilityBest: 0,
        interval: null,
        value: 0,
      })
      expect(recommendation.evidence).toEqual({
        from: 'nothing',
        visits: 0,
        lastUpdated: null,
        experienceIds: [],
        states: [],
      })
      expect(recommendation.reasoning).toMatch(
        /^Nothing was learned in this state; the nearest of 1 seen state is .* too far\.$/,
      )
    })
  })
}
