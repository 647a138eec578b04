import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { argMaxima, decayed, drawIndex, epsilonGreedy, softmax, ucb1 } from '../../src/algorithms/exploration.ts'

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 })
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

describe('epsilonGreedy', () => {
  test('gives (1 - e)/k + e/n to each of the k best of n and e/n to the others', () => {
    expect(epsilonGreedy([1, 3, 3, 0], 0.2)).toEqual([0.05, 0.45, 0.45, 0.05])
    expect(epsilonGreedy([5], 0.3)).toEqual([1])
  })

  test('is a distribution', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (q, epsilon) => {
        expect(sum(epsilonGreedy(q, epsilon))).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('softmax', () => {
  test('gives exp(q/t) shares', () => {
    // e^1 / (e^0 + e^1) = 0.731058578630005, the logistic function of 1.
    expect(softmax([0, 1], 1)[1]).toBeCloseTo(0.731058578630005, 15)
    expect(softmax([0, 2], 2)[1]).toBeCloseTo(0.731058578630005, 15)
  })

  test('is a distribution, also for values whose exp overflows', () => {
    expect(softmax([1000, 0], 1)).toEqual([1, 0])
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 100, noNaN: true }), (q, temperature) => {
        expect(sum(softmax(q, temperature))).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('ucb1', () => {
  test('adds sqrt(2 ln n / n_a) to the value', () => {
    // Auer et al. (2002), figure 1, with n = 4: sqrt(2 ln 4 / 3) = 0.96134..., sqrt(2 ln 4 / 1) = 1.66510...
    expect(ucb1([0.5, 0], [3, 1]).map((bound) => bound.toFixed(5))).toEqual(['1.46135', '1.66511'])
  })

  test('tries every action once before any twice', () => {
    expect(ucb1([10, 0], [5, 0])[1]).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('decayed', () => {
  test('multiplies the rate down to the floor', () => {
    expect(decayed(0.3, 0.995, 0.01)).toBeCloseTo(0.2985, 15)
    expect(decayed(0.01, 0.995, 0.01)).toBe(0.01)
  })

  test('never raises a rate below the floor', () => {
    expect(decayed(0, 0.995, 0.01)).toBe(0)
  })
})

test('argMaxima returns all maxima', () => {
  expect(argMaxima([1, 2, 2, 0])).toEqual([1, 2])
})

test('drawIndex draws in proportion, and never an index of probability 0', () => {
  expect([0, 0.1, 0.25, 0.5, 0.999].map((u) => drawIndex([0.25, 0, 0.75], u))).toEqual([0, 0, 2, 2, 2])
  expect(drawIndex([0.1, 0.2, 0.7 - 1e-16, 0], 1 - Number.EPSILON / 2)).toBe(2)
})
