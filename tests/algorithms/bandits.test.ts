// What the policies regret is in tests/environments/bandits.test.ts.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pulled, UNTRIED_ARM, ucb1RegretBound } from '../../src/algorithms/bandits.ts'

test('an arm keeps the mean of its rewards', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }), (rewards) => {
      const { pulls, mean } = rewards.reduce(pulled, UNTRIED_ARM)
      expect(pulls).toBe(rewards.length)
      expect(mean).toBeCloseTo(rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length, 9)
    }),
  )
})

test('the bound of UCB1 for arms .9 and .6 after 10^4 pulls is 246.9', () => {
  // Auer et al. (2002), theorem 1: 8 ln(10^4) / .3 + (1 + pi^2/3) * .3.
  expect(ucb1RegretBound([0.9, 0.6], 10_000)).toBeCloseTo(246.9, 1)
  expect(ucb1RegretBound([0.5, 0.5], 10_000)).toBe(0)
})
