import { expect, test } from 'vitest'
import {
  doubleQLearning,
  expectedSarsa,
  qLearning,
  sarsa,
  step,
  tdLearning,
} from '../../src/algorithms/value-learning.ts'

test('Q-learning moves towards the reward plus the best next value', () => {
  expect(qLearning(1, 2, 0.5, [3, 4])).toBe(2 + 0.5 * 4 - 1)
  expect(qLearning(1, 2, 0.5, [-3, -4])).toBe(2 + 0.5 * -3 - 1)
  expect(qLearning(1, 2, 0.5, [])).toBe(1)
  expect(qLearning(1, 2, 0, [3, 4])).toBe(1)
})

test('three rewards of 1.458333 at rate 0.1 with an unseen next state give the published values', () => {
  // agentic-qe: Q after 1, 2, 3 rewards.
  let q = 0
  const seen = [1, 2, 3].map(() => {
    q = step(q, qLearning(q, 1.458333, 0.95, []), 0.1)
    return Number(q.toFixed(6))
  })
  expect(seen).toEqual([0.145833, 0.277083, 0.395208])
})

test('SARSA moves towards the reward plus the value of the next action', () => {
  expect(sarsa(1, 2, 0.5, 3)).toBe(2 + 0.5 * 3 - 1)
})

test('Expected SARSA moves towards the reward plus the expected next value under the policy', () => {
  expect(expectedSarsa(1, 2, 0.5, [3, 4], [0.25, 0.75])).toBe(2 + 0.5 * 3.75 - 1)
  expect(expectedSarsa(1, 2, 0.5, [], [])).toBe(1)
  // With a greedy policy it is Q-learning.
  expect(expectedSarsa(1, 2, 0.5, [3, 4], [0, 1])).toBe(qLearning(1, 2, 0.5, [3, 4]))
})

test('Double Q-learning evaluates the selected action by the other table', () => {
  expect(doubleQLearning(1, 2, 0.5, [3, 4], [10, 20])).toBe(2 + 0.5 * 20 - 1)
  expect(doubleQLearning(1, 2, 0.5, [4, 3], [10, 20])).toBe(2 + 0.5 * 10 - 1)
  expect(doubleQLearning(1, 2, 0.5, [], [])).toBe(1)
})

test('TD(0) moves towards the reward plus the value of the next state', () => {
  expect(tdLearning(1, 2, 0.5, 3)).toBe(2 + 0.5 * 3 - 1)
  expect(tdLearning(1, 2, 0, 3)).toBe(1)
})
