import { expect, test } from 'vitest'
import { linearFeatures } from '../../src/algorithms/linear-features.ts'

test('linearFeatures returns the numbers of a state under sorted, dotted names', () => {
  expect(linearFeatures({ b: { y: 2, x: 1 }, a: true, c: [5, 6] })).toEqual({
    names: ['a', 'b.x', 'b.y', 'c.0000', 'c.0001'],
    values: [1, 1, 2, 5, 6],
  })
  expect(linearFeatures(7)).toEqual({ names: [''], values: [7] })
})

test.each([['text'], [null], [{}], [{ x: 'one' }], [[1, null]], [{ 'a.b': 2, a: { b: 1 } }]])(
  'linearFeatures refuses %j',
  (state) => {
    expect(() => linearFeatures(state)).toThrow('Expected a state of numbers, the features of lin-ucb')
  },
)
