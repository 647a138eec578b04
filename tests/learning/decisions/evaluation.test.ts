import { describe, expect, test } from 'vitest'
import { clockedStore } from '../clocked-store.ts'

const actions = ['a', 'b']
const uniform = { probabilities: actions.map((action) => ({ state: 's', action, probability: 0.5 })) }

describe('evaluatePolicy', () => {
  test('reads decisions, whose probabilities are recorded, and leaves out experiences without one', () => {
    const { store } = clockedStore()
    const agent = store.agent('x', { explorationRate: 1 })
    for (let i = 0; i < 40; i++) {
      const { id, action } = agent.decide('s', { actions })
      agent.reward(id, action === 'a' ? 1 : 0)
    }
    for (let i = 0; i < 10; i++) agent.learn({ state: 's', action: 'a', reward: 100, terminated: true })
    agent.decide('s', { actions })
    const evaluated = store.evaluatePolicy(uniform, { agentId: 'x', estimator: 'ips' })
    expect(evaluated).toMatchObject({ decisions: 40, withoutProbability: 10, withoutReward: 1, coverage: 1 })
    // The rewards of 100 have no probability.
    expect(evaluated.value).toBeGreaterThan(0)
    expect(evaluated.value).toBeLessThan(1)
    expect(store.evaluatePolicy(uniform, { agentId: 'x', estimator: 'snips', limit: 15 })).toMatchObject({
      decisions: 15,
      withoutProbability: 10,
    })
    // The direct method needs no probabilities, so it uses all.
    expect(store.evaluatePolicy(uniform, { agentId: 'x', estimator: 'dm' })).toMatchObject({
      decisions: 50,
      withoutProbability: 0,
    })
  })

  test('still refuses a log without decisions in which probabilities are missing', () => {
    const { store } = clockedStore()
    const agent = store.agent('x')
    agent.learn({ state: 's', action: 'a', reward: 1, terminated: true, behaviorProbability: 0.5 })
    agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    agent.decide('s', { actions })
    expect(() => store.evaluatePolicy(uniform, { agentId: 'x', estimator: 'ips' })).toThrow('got none with 1 of 2')
  })

  test('counts what has no reward', () => {
    const { store, clock } = clockedStore()
    const agent = store.agent('x', { rewardWithinMs: 1_000 })
    for (let i = 0; i < 4; i++) agent.decide('s', { actions, id: `d${i}` })
    agent.reward('d0', 1)
    clock.now += 2_000
    agent.decide('s', { actions })
    expect(store.evaluatePolicy(uniform, { agentId: 'x', estimator: 'ips' }).withoutReward).toBe(4)
  })
})
