import { describe, expect, test } from 'vitest'
import { bernoulliBandit } from '../../examples/environments/bandits.ts'
import { cliffWalking } from '../../examples/environments/cliff-walking.ts'
import { dynaMaze } from '../../examples/environments/dyna-maze.ts'
import type { Random } from '../../examples/environments/environment.ts'
import { frozenLake } from '../../examples/environments/frozen-lake.ts'
import { randomWalk } from '../../examples/environments/random-walk.ts'
import type { TabularEnvironment } from '../../examples/environments/tabular.ts'
import { taxi } from '../../examples/environments/taxi.ts'
import { pairsOf } from './observed.ts'

const ENVIRONMENTS: readonly (readonly [string, TabularEnvironment, pairs: number])[] = [
  // The last column: states that can be left, times actions.
  ['FrozenLake', frozenLake(), 11 * 4],
  ['FrozenLake, not slippery', frozenLake({ slippery: false }), 11 * 4],
  ['CliffWalking', cliffWalking, 37 * 4],
  ['Taxi', taxi, 400 * 6],
  ['random walk', randomWalk(), 5],
  ['Dyna maze', dynaMaze, 46 * 4],
  ['Bernoulli bandit', bernoulliBandit([0.9, 0.6]), 2],
]

/** A generator of a constant. */
const drawing = (u: number): Random => ({ next: () => u })

describe.each(ENVIRONMENTS)('%s', (_, environment, pairs) => {
  const live = pairsOf(environment).filter(([state, action]) => environment.transitions(state, action).length > 0)

  test('has a distribution over next states for each state and action', () => {
    expect(live.length).toBe(pairs)
    for (const [state, action] of live) {
      const transitions = environment.transitions(state, action)
      expect(transitions.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 15)
      for (const { nextState, terminated } of transitions) {
        expect(nextState >= 0 && nextState < environment.states).toBe(true)
        expect(terminated || environment.transitions(nextState, 0).length > 0).toBe(true)
      }
    }
  })

  test('steps by its table', () => {
    for (const [state, action] of live) {
      let before = 0
      for (const { probability, nextState, reward, terminated } of environment.transitions(state, action)) {
        const step = environment.step(state, action, drawing(before + probability / 2))
        expect(step).toEqual({ observation: nextState, reward, terminated, truncated: false })
        before += probability
      }
    }
  })

  test('starts in a start state, and refuses steps after the end', () => {
    expect(environment.startStates).toContain(environment.reset(drawing(0)))
    expect(environment.startStates).toContain(environment.reset(drawing(0.999)))
    const end = pairsOf(environment).find(([state, action]) => environment.transitions(state, action).length === 0)
    if (end) expect(() => environment.step(...end, drawing(0))).toThrow('terminal')
  })
})

test('Taxi has 300 starts', () => {
  expect(taxi.startStates.length).toBe(300)
})
