import { expect, test } from 'vitest'
import { borrowedValues } from '../../src/algorithms/borrowed-values.ts'

test('a borrowed value is the mean over states with the action, weighted by similarity and (n + 1)/(n + 2)', () => {
  const [retry, wait] = borrowedValues([
    {
      similarity: 0.8,
      actions: [
        { actionKey: 'wait', value: 3, visits: 0 },
        { actionKey: 'retry', value: 1, visits: 2 },
      ],
    },
    { similarity: 0.6, actions: [{ actionKey: 'retry', value: -1, visits: 1 }] },
  ])
  // Weights 0.8 * 3/4 = 0.6 and 0.6 * 2/3 = 0.4.
  expect(retry).toMatchObject({ actionKey: 'retry', visits: 3 })
  expect(retry?.value).toBeCloseTo(0.6 - 0.4, 14)
  expect(retry?.similarity).toBeCloseTo(0.6 * 0.8 + 0.4 * 0.6, 14)
  expect(wait).toMatchObject({ actionKey: 'wait', visits: 0 })
  expect(wait?.value).toBeCloseTo(3, 14)
  expect(wait?.similarity).toBeCloseTo(0.8, 14)
})

test('a similar state outweighs a less similar one with ten thousand visits', () => {
  const actions = (value: number, visits: number) => [{ actionKey: 'a', value, visits }]
  const [a] = borrowedValues([
    { similarity: 0.9, actions: actions(1, 2) },
    { similarity: 0.6, actions: actions(-1, 10_000) },
  ])
  expect(a?.value).toBeGreaterThan(0)
})

test('no states give no values', () => {
  expect(borrowedValues([])).toEqual([])
})
