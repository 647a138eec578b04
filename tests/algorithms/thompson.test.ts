import { expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import {
  betaUpdated,
  gaussianUpdated,
  STANDARD_BELIEF,
  thompsonBeta,
  thompsonGaussian,
  UNIFORM_BELIEF,
} from '../../src/algorithms/thompson.ts'

const N = 20_000

test('a Beta belief counts successes and failures', () => {
  expect([1, 0, 1, 0.25].reduce(betaUpdated, UNIFORM_BELIEF)).toEqual({ alpha: 3.25, beta: 2.75 })
})

test('a Gaussian belief adds precisions: after n rewards of mean m its mean is n m / (n + 1), its variance 1 / (n + 1)', () => {
  const { mean, variance } = [1, 2, 3].reduce((belief, reward) => gaussianUpdated(belief, reward), STANDARD_BELIEF)
  expect(mean).toBeCloseTo(6 / 4, 12)
  expect(variance).toBeCloseTo(1 / 4, 12)
})

test('an arm is pulled as often as it is the best', () => {
  const random = seededRandom(1, 'thompson')
  const share = (pull: () => number): number => Array.from({ length: N }, pull).filter((arm) => arm === 1).length / N
  // P(Beta(2, 1) > Beta(1, 1)) = E[x] under Beta(2, 1) = 2/3.
  const beta = share(() => thompsonBeta([UNIFORM_BELIEF, { alpha: 2, beta: 1 }], random))
  expect(Math.abs(beta - 2 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / N))
  // P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt(2)) = 0.760250.
  const gaussian = share(() => thompsonGaussian([STANDARD_BELIEF, { mean: 1, variance: 1 }], random))
  expect(Math.abs(gaussian - 0.76025)).toBeLessThan(5 * Math.sqrt((0.76 * 0.24) / N))
})
