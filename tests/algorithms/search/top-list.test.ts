import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TopList } from '../../../src/algorithms/search/top-list.ts'

test('best() returns the first items of the sorted list', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 60 })
  fc.assert(
    fc.property(scores, fc.nat({ max: 12 }), (given, most) => {
      const list = new TopList<number>(most)
      for (const [key, score] of given.entries()) list.add((key * 7) % 61, score)
      const sorted = given
        .map((score, key) => ({ key: (key * 7) % 61, score }))
        .sort((a, b) => b.score - a.score || a.key - b.key)
      expect(list.best()).toEqual(sorted.slice(0, most))
    }),
  )
})

test('least is the score of the worst item of a full list', () => {
  const list = new TopList<string>(2)
  expect(list.least).toBe(Number.NEGATIVE_INFINITY)
  for (const [key, score] of Object.entries({ a: 1, b: 3, c: 2 })) list.add(key, score)
  expect(list.least).toBe(2)
  expect(new TopList(0).least).toBe(Number.POSITIVE_INFINITY)
})
