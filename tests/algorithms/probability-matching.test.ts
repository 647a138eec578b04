import { describe, expect, test } from 'vitest'
import { type PolicySettings, probabilitiesOf } from '../../src/algorithms/policies.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { drawBeta, drawNormal } from './distributions.ts'

const SETTINGS: Omit<PolicySettings, 'policy'> = {
  epsilon: 0,
  temperature: 1,
  ucbScale: 1,
  initialValue: 0,
  rewardRange: null,
  rewardScale: 1,
  learnedScale: null,
}
const DRAWS = 40_000
/** Four standard errors of a share of DRAWS draws, and .01 for the quadrature. */
const TOLERANCE = 4 * Math.sqrt(0.25 / DRAWS) + 0.01

/** Shares of draws in which each is the greatest. */
function sampled(count: number, draw: (a: number) => number): number[] {
  const wins = Array.from({ length: count }, () => 0)
  for (let i = 0; i < DRAWS; i++) {
    const draws = wins.map((_, a) => draw(a))
    const best = draws.indexOf(Math.max(...draws))
    wins[best] = (wins[best] ?? 0) + 1
  }
  return wins.map((n) => n / DRAWS)
}

describe('Thompson sampling as probabilities', () => {
  test('two normal beliefs: the standard normal distribution at the difference in standard deviations', () => {
    // Means 2/3 (one reward of 4/3, prior included) and 0 with variances 1/2 and 1: P = Phi((2/3) / sqrt(3/2)) = 0.706906.
    const known = [
      { value: 4 / 3, visits: 1 },
      { value: 0, visits: 0 },
    ]
    const [first = 0, second = 0] = probabilitiesOf(known, { ...SETTINGS, policy: 'thompson-gaussian' })
    expect(first).toBeCloseTo(0.706906, 2)
    expect(first + second).toBeCloseTo(1, 12)
  })

  test.each(Array.from({ length: 8 }, (_, i) => [i]))('agrees with draws from the beliefs, case %i', (i) => {
    const random = seededRandom(1, `case ${i}`)
    const known = Array.from({ length: 2 + i }, () => {
      const visits = Math.floor(Math.exp(random.next() * 6)) - 1
      return { value: random.next(), visits }
    })
    const normal = probabilitiesOf(known, { ...SETTINGS, policy: 'thompson-gaussian' })
    const byNormal = sampled(known.length, (a) => {
      const { value = 0, visits = 0 } = known[a] ?? {}
      return (visits * value) / (visits + 1) + drawNormal(random) / Math.sqrt(visits + 1)
    })
    for (const [a, share] of byNormal.entries()) expect(Math.abs(share - (normal[a] ?? 0))).toBeLessThan(TOLERANCE)
    const beta = probabilitiesOf(known, { ...SETTINGS, policy: 'thompson-beta' })
    const byBeta = sampled(known.length, (a) => {
      const { value = 0, visits = 0 } = known[a] ?? {}
      return drawBeta(1 + visits * value, 1 + visits * (1 - value), random)
    })
    for (const [a, share] of byBeta.entries()) expect(Math.abs(share - (beta[a] ?? 0))).toBeLessThan(TOLERANCE)
  })

  test('stays finite for beliefs from a million rewards', () => {
    const known = [
      { value: 1, visits: 1_000_000 },
      { value: 0, visits: 1_000_000 },
      { value: 0.5, visits: 0 },
    ]
    for (const policy of ['thompson-gaussian', 'thompson-beta'] as const) {
      const shares = probabilitiesOf(known, { ...SETTINGS, policy })
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    }
  })

  test.each([
    ['thompson-beta', 1, 0, 10_000],
    ['thompson-beta', 1, 0, 100_000],
    ['thompson-gaussian', 1e7, 0, 10_000],
    ['thompson-gaussian', 1e17, 0, 1_000],
  ] as const)('%s prefers %d to %d with certainty after %d rewards each', (policy, best, other, visits) => {
    const known = [best, other].map((value) => ({ value, visits }))
    expect(probabilitiesOf(known, { ...SETTINGS, policy })[0]).toBeCloseTo(1, 6)
  })

  test('a single action has probability 1, whatever its value', () => {
    for (const value of [0, -0, 1, 0.5]) {
      for (const policy of ['thompson-gaussian', 'thompson-beta'] as const) {
        expect(probabilitiesOf([{ value, visits: 3 }], { ...SETTINGS, policy })).toEqual([1])
      }
    }
  })
})
