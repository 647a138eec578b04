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

  describe('the evidence of a seen state', () => {
    test('is the experiences with the action, newest first, and the interval of their mean reward', async () => {
      const other = await store.agent('another')
      await other.learn(ended('theirs', 's', 'a', 9))
      await agent.learnMany([ended('e1', 's', 'a', 1), ended('e2', 's', 'a', 2), ended('e3', 's', 'a', 3)])
      await agent.learnMany([ended('e4', 's', 'b', 0), ended('e5', 't', 'a', 0)])
      const { evidence, actionKey, value } = await agent.recommend('s')
      expect([actionKey, value]).toEqual(['a', 3])
      expect(evidence).toMatchObject({ from: 'this state', visits: 3, experienceIds: ['e3', 'e2', 'e1'] })
      expect(evidence.states).toEqual([{ state: 's', stateKey: 's', similarity: 1 }])
      // 2 +- t(0.975; 2) * 1 / sqrt(3), t from a printed table.
      expect(evidence.interval?.lower).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 5)
      expect(evidence.interval?.upper).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5)
    })

    test('includes the current value of the next state', async () => {
      const step = { state: 's1', action: 'left', nextState: 's2' }
      await agent.learn({ ...step, reward: 1 })
      await agent.learn(ended('end', 's2', 'up', 10))
      await agent.learn({ ...step, reward: 3 })
      // 1 + 0.9 * 10 and 3 + 0.9 * 10: mean 11, standard error 1, t(0.975; 1) = 12.7062.
      const { interval } = (await agent.recommend('s1')).evidence
      expect(interval?.lower).toBeCloseTo(11 - 12.7062, 4)
      expect(interval?.upper).toBeCloseTo(11 + 12.7062, 4)
    })

    test('uses the expectation over the policy for SARSA', async () => {
      const sarsa = { algorithm: 'expected-sarsa', explorationRate: 0.5, explorationDecay: 1 } as const
      await store.agent(agent.id, sarsa)
      await agent.learnMany([ended('x', 's2', 'x', 8), ended('y', 's2', 'y', 0)])
      await agent.learn({ state: 's1', action: 'left', reward: 1, nextState: 's2' })
      await agent.learn({ state: 's1', action: 'left', reward: 1, nextState: 's2' })
      // 1 + 0.9 * (0.75 * 8 + 0.25 * 0), twice.
      const { interval } = (await agent.recommend('s1')).evidence
      expect(interval?.lower).toBeCloseTo(6.4, 12)
      expect(interval?.upper).toBeCloseTo(6.4, 12)
    })

    test('lists the newest ten experiences and measures the newest fifty', async () => {
      const rewards = [...Array<number>(10).fill(100), ...Array<number>(50).fill(1)]
      await agent.learnMany(rewards.map((reward, i) => ended(`e${i}`, 's', 'a', reward)))
      const { visits, interval, experienceIds } = (await agent.recommend('s')).evidence
      expect([visits, interval]).toEqual([60, { lower: 1, upper: 1 }])
      expect(experienceIds).toEqual(Array.from({ length: 10 }, (_, i) => `e${59 - i}`))
    })

    test('has no interval after one experience, nor if it overflows', async () => {
      await agent.learn(ended('e1', 's', 'a', 1))
      expect((await agent.recommend('s')).evidence).toMatchObject({ interval: null, experienceIds: ['e1'] })
      await agent.learnMany([ended('e2', 't', 'a', 1e300), ended('e3', 't', 'a', -1e300)])
      expect((await agent.recommend('t')).evidence.interval).toBe(null)
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
      expect(recommendation.confidence).toBeCloseTo(((value + 2) / 4) * similarity, 12)
      expect(recommendation.alternatives.map(({ actionKey }) => actionKey)).toEqual(['wait'])
      expect(recommendation.alternatives[0]?.confidence).toBeCloseTo(0.5 * first, 12)
      expect(recommendation.evidence).toMatchObject({ from: 'similar states', visits: 3, interval: null })
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
        confidence: 0.5,
        value: 0,
      })
      expect(recommendation.evidence).toEqual({
        from: 'nothing',
        visits: 0,
        lastUpdated: null,
        interval: null,
        experienceIds: [],
        states: [],
      })
      expect(recommendation.reasoning).toMatch(
        /^Nothing was learned in this state; the nearest of 1 seen state is .* too far\.$/,
      )
    })
  })
}
