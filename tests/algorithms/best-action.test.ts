import { expect, test } from 'vitest'
import { normalRatings, ratings } from '../../src/algorithms/best-action.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { drawBeta } from './distributions.ts'

test('the recommended of three arms is the best as often as it is said to be', () => {
  // Success rates from the prior, 1 to 20 tries each: 4,000 bandits, within three standard errors of a share (2.4 %).
  const random = seededRandom(14, 'best')
  let claimed = 0
  let held = 0
  for (let bandit = 0; bandit < 4_000; bandit++) {
    const rates = [random.next(), random.next(), random.next()]
    const estimates = rates.map((rate) => {
      const count = 1 + Math.floor(20 * random.next())
      const successes = Array.from({ length: count }, () => (random.next() < rate ? 1 : 0)).reduce<number>(
        (a, b) => a + b,
        0,
      )
      return { mean: successes / count, count }
    })
    const rated = ratings(estimates, 0, [0, 1])
    const best = rated.reduce((a, b, i) => (b.score > (rated[a]?.score ?? 0) ? i : a), 0)
    claimed += rated[best]?.probabilityBest ?? 0
    if (rates[best] === Math.max(...rates)) held++
  }
  expect(Math.abs(claimed - held) / 4_000).toBeLessThan(0.024)
})

test('probabilities are those of draws, with actions that nobody tried among them', () => {
  const random = seededRandom(14, 'draws')
  const wins = [0, 0, 0]
  for (let i = 0; i < 20_000; i++) {
    const draws = [drawBeta(8, 4, random), drawBeta(3, 2, random), random.next()]
    const best = draws.indexOf(Math.max(...draws))
    wins[best] = (wins[best] ?? 0) + 1
  }
  const rated = ratings(
    [
      { mean: 0.7, count: 10 },
      { mean: 2 / 3, count: 3 },
    ],
    1,
    [0, 1],
  )
  for (const [a, { probabilityBest }] of rated.entries()) {
    expect(Math.abs(probabilityBest - (wins[a] ?? 0) / 20_000)).toBeLessThan(0.02)
  }
})

test('scores are one standard error below the mean', () => {
  const scoresOf = (...tries: readonly (readonly [successes: number, count: number])[]) =>
    ratings(
      tries.map(([successes, count]) => ({ mean: (20 * successes) / count, count })),
      0,
      [0, 20],
    ).map(({ score }) => score)
  const [lucky = 0, often = 0, half = 0] = scoresOf([1, 1], [95, 100], [60, 100])
  // Wilson's lower end with z = 1: 1 / (1 + 1) for one success.
  expect(lucky).toBeCloseTo(0.5, 3)
  expect([often > lucky, half > lucky]).toEqual([true, true])
  const [unlucky = 0, rarely = 0] = scoresOf([0, 1], [5, 100])
  expect(rarely).toBeGreaterThan(unlucky)
})

test('a range without extent says nothing, and a huge one does not overflow', () => {
  expect(
    ratings(
      [
        { mean: 5, count: 3 },
        { mean: 5, count: 3 },
      ],
      0,
      [5, 5],
    ).map((one) => one.probabilityBest),
  ).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)])
  const huge = ratings(
    [
      { mean: 1e308, count: 1 },
      { mean: -1e308, count: 1 },
    ],
    0,
    [-1e308, 1e308],
  )
  expect(Math.abs((huge[0]?.probabilityBest ?? 0) - 5 / 6)).toBeLessThan(0.01)
})

test('normal beliefs are compared by their means and deviations', () => {
  // P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt(2)).
  const [first] = normalRatings([
    { mean: 1, deviation: 1 },
    { mean: 0, deviation: 1 },
  ])
  expect(Math.abs((first?.probabilityBest ?? 0) - 0.76025)).toBeLessThan(0.01)
})
