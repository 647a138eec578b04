import { describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/algorithms/random.ts'
import { momentsOf, varianceOf } from '../../src/algorithms/statistics.ts'
import { drawBeta, drawGamma, drawNormal } from './distributions.ts'

const N = 40_000

/** Mean and variance as the textbook has them; kurtosis says how far the variance of N draws may be off. */
const CASES: readonly (readonly [
  string,
  (random: Random) => number,
  mean: number,
  variance: number,
  kurtosis: number,
])[] = [
  ['normal', drawNormal, 0, 1, 3],
  // Gamma(k): mean k, variance k, kurtosis 3 + 6/k.
  ...[0.5, 1, 7].map((k) => [`Gamma(${k})`, (random: Random) => drawGamma(k, random), k, k, 3 + 6 / k] as const),
  // Beta(a, b): mean a/(a + b), variance ab / ((a + b)^2 (a + b + 1)); 3 bounds the kurtosis of these.
  ['Beta(1, 1)', (random) => drawBeta(1, 1, random), 1 / 2, 1 / 12, 3],
  ['Beta(0.5, 0.5)', (random) => drawBeta(0.5, 0.5, random), 1 / 2, 1 / 8, 3],
  ['Beta(20, 5)', (random) => drawBeta(20, 5, random), 4 / 5, 100 / (625 * 26), 4],
]

describe.each(CASES)('%s', (name, draw, mean, variance, kurtosis) => {
  const random = seededRandom(1, name)
  const moments = momentsOf(Array.from({ length: N }, () => draw(random)))

  test('has its mean and variance, within 5 standard errors of 40,000 draws', () => {
    expect(Math.abs(moments.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / N))
    expect(Math.abs(varianceOf(moments) - variance)).toBeLessThan(5 * variance * Math.sqrt((kurtosis - 1) / N))
  })
})

test('normal numbers lie within 1.959964 of the mean 19 times of 20', () => {
  const random = seededRandom(1, 'tails')
  const inside = Array.from({ length: N }, () => drawNormal(random)).filter((z) => Math.abs(z) < 1.959964).length
  expect(Math.abs(inside / N - 0.95)).toBeLessThan(5 * Math.sqrt((0.95 * 0.05) / N))
})

test('Gamma(1) is exponential: below ln 2 as often as above', () => {
  const random = seededRandom(1, 'exponential')
  const below = Array.from({ length: N }, () => drawGamma(1, random)).filter((x) => x < Math.LN2).length
  expect(Math.abs(below / N - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / N))
})

test('Beta stays in [0, 1] for tiny parameters', () => {
  const random = seededRandom(1, 'tiny')
  for (let i = 0; i < 1000; i++) {
    const x = drawBeta(1e-5, 1e-5, random)
    expect(x >= 0 && x <= 1).toBe(true)
  }
})
