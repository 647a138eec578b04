import { expect, test } from 'vitest'
import { resumedRandom, seededRandom, xoshiro128ss } from '../../src/algorithms/random.ts'

test('xoshiro128ss returns the numbers of the reference implementation', () => {
  const random = xoshiro128ss([1, 2, 3, 4])
  // The first ten outputs of xoshiro128starstar.c from the state 1, 2, 3, 4, as the rand_xoshiro crate tests them too.
  const reference = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]
  expect(reference.map(() => random.nextUint32())).toEqual(reference)
})

test('resumedRandom continues the sequence', () => {
  const random = seededRandom(7, 'agent')
  for (let i = 0; i < 100; i++) random.next()
  const resumed = resumedRandom(random.state())
  expect(Array.from({ length: 100 }, () => resumed.next())).toEqual(Array.from({ length: 100 }, () => random.next()))
})

test('seededRandom depends only on seed and name', () => {
  const firsts = [
    seededRandom(1, 'a'),
    seededRandom(2, 'a'),
    seededRandom(1, 'b'),
    seededRandom(1, 'ab'),
    seededRandom(1, 'ba'),
  ].map((random) => random.next())
  expect(new Set(firsts).size).toBe(5)
  expect(seededRandom(1, 'a').next()).toBe(firsts[0])
})

test('numbers are uniform in [0, 1)', () => {
  const random = seededRandom(0, '')
  const draws = Array.from({ length: 100_000 }, () => random.next())
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...draws)).toBeLessThan(1)
  // The mean of n uniform draws has a standard deviation of 1/sqrt(12 n) = 0.0009; 5 of them are allowed.
  expect(Math.abs(draws.reduce((sum, draw) => sum + draw, 0) / draws.length - 0.5)).toBeLessThan(0.0046)
})
