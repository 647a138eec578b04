import { expect, test } from 'vitest'
import { argMaxima } from '../../src/algorithms/exploration.ts'
import { optimisticValue, withInitialValues } from '../../src/algorithms/initial-values.ts'
import { qLearning, step } from '../../src/algorithms/value-learning.ts'

test('no return exceeds the optimistic value', () => {
  // 1 + 0.9 + 0.81 + ... = 10.
  expect(optimisticValue(1, 0.9)).toBeCloseTo(10, 12)
  expect(optimisticValue(2, 0)).toBe(2)
})

test('a greedy policy tries every action once before any twice', () => {
  const actions = ['a', 'b', 'c', 'd']
  const seen = new Map<string, number>()
  const tried = actions.map(() => {
    const values = withInitialValues(seen, actions, optimisticValue(1, 0.9))
    const key = actions[argMaxima(values)[0] ?? 0] ?? ''
    const q = seen.get(key) ?? optimisticValue(1, 0.9)
    seen.set(key, step(q, qLearning(q, 0.5, 0.9, values), 0.1))
    return key
  })
  expect(tried).toEqual(actions)
})
