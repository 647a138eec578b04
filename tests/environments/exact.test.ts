// The rows under "Exact" of the known results: each transition in its published proportion, and the values derived from
// the counts. Sources: the tables of Gymnasium; Sutton & Barto (2018).
import { describe, expect, test } from 'vitest'
import { cliffWalking } from '../../examples/environments/cliff-walking.ts'
import { dynaMaze } from '../../examples/environments/dyna-maze.ts'
import { frozenLake } from '../../examples/environments/frozen-lake.ts'
import { randomWalk } from '../../examples/environments/random-walk.ts'
import type { TabularEnvironment } from '../../examples/environments/tabular.ts'
import { taxi } from '../../examples/environments/taxi.ts'
import { addTransitions, NOTHING_COUNTED, type TransitionCounts } from '../../src/algorithms/transition-counts.ts'
import {
  greedyPolicy,
  type ModelValues,
  policyEvaluation,
  valueIteration,
} from '../../src/algorithms/value-iteration.ts'
import { everyTransition } from './observed.ts'

const counted = (environment: TabularEnvironment): TransitionCounts =>
  addTransitions(NOTHING_COUNTED, everyTransition(environment))
const valueAt = ({ stateValues }: ModelValues, state: number): number => stateValues.get(`${state}`) ?? Number.NaN

describe('FrozenLake 4x4', () => {
  const slippery = counted(frozenLake())

  test.each([
    [0.9, 0.068891],
    [0.95, 0.180472],
    [0.99, 0.542026],
    [1, 14 / 17],
  ])('is worth at discount %d, slippery, %d', (discount, value) => {
    expect(valueAt(valueIteration(slippery, { discount, tolerance: 1e-12 }), 0)).toBeCloseTo(value, 6)
  })

  test('is solved within 100 steps with probability 0.744190', () => {
    expect(valueAt(valueIteration(slippery, { discount: 1, maxSweeps: 100, tolerance: 0 }), 0)).toBeCloseTo(0.74419, 6)
  })

  test('is solved within 100 steps by the policy optimal for .99 with probability 0.740165', () => {
    const { actionValues } = valueIteration(slippery, { discount: 0.99 })
    const policy = greedyPolicy(actionValues, { tolerance: 1e-6 })
    const within100 = policyEvaluation(slippery, policy, { discount: 1, maxSweeps: 100, tolerance: 0 })
    expect(valueAt(within100, 0)).toBeCloseTo(0.740165, 6)
  })

  test('is worth 0.950990 at .99 when not slippery', () => {
    const counts = counted(frozenLake({ slippery: false }))
    expect(valueAt(valueIteration(counts, { discount: 0.99 }), 0)).toBeCloseTo(0.95099, 6)
  })
})

describe('CliffWalking', () => {
  const counts = counted(cliffWalking)
  const optimal = valueIteration(counts, { discount: 1 })

  test('is worth -13, by action up -13, right -113, down -14, left -14', () => {
    expect(valueAt(optimal, 36)).toBe(-13)
    expect(Object.fromEntries(optimal.actionValues.get('36') ?? [])).toEqual({
      up: -13,
      right: -113,
      down: -14,
      left: -14,
    })
  })

  test('returns -50.80 with epsilon-greedy (.1) on the optimal values', () => {
    const policy = greedyPolicy(optimal.actionValues, { epsilon: 0.1 })
    expect(valueAt(policyEvaluation(counts, policy, { discount: 1 }), 36)).toBeCloseTo(-50.8, 2)
  })

  test('returns -20.7077 with the best policy that is epsilon-soft', () => {
    expect(valueAt(valueIteration(counts, { discount: 1, epsilon: 0.1 }), 36)).toBeCloseTo(-20.7077, 4)
  })
})

test('Taxi: the mean optimal return is 7.93, the least 3, the most 15, in 13.07 steps', () => {
  const optimal = valueIteration(counted(taxi), { discount: 1 })
  const returns = taxi.startStates.map((state) => valueAt(optimal, state))
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length
  expect(mean).toBeCloseTo(7.93, 2)
  expect([Math.min(...returns), Math.max(...returns)]).toEqual([3, 15])
  // The optimal return is 20 for the last step and -1 for each before it.
  expect(21 - mean).toBeCloseTo(13.07, 2)
})

test('5-state random walk: v = 1/6 .. 5/6', () => {
  const walked = valueIteration(counted(randomWalk()), { discount: 1, tolerance: 1e-14 })
  for (const state of [1, 2, 3, 4, 5]) expect(valueAt(walked, state)).toBeCloseTo(state / 6, 12)
})

test('Dyna maze: the shortest way takes 14 steps (S&B, example 8.1)', () => {
  const solved = valueIteration(counted(dynaMaze), { discount: 0.95 })
  expect(valueAt(solved, 18)).toBeCloseTo(0.95 ** 13, 10)
})
