import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/algorithms/random.ts'
import {
  importanceWeights,
  priorityOf,
  samplePrioritized,
  sampleUniform,
} from '../../src/algorithms/replay-sampling.ts'
import { sumTree } from '../../src/algorithms/sum-tree.ts'

const N = 20_000

test('uniform sampling draws each index equally often', () => {
  const drawn = sampleUniform(4, N, seededRandom(1, 'uniform'))
  for (const index of [0, 1, 2, 3]) {
    const share = drawn.filter((one) => one === index).length / N
    expect(Math.abs(share - 1 / 4)).toBeLessThan(5 * Math.sqrt(3 / 16 / N))
  }
})

test('prioritized sampling draws each index in proportion to its priority', () => {
  const { indexes, probabilities } = samplePrioritized(sumTree([1, 0, 3, 4]), N, 1, seededRandom(1, 'prioritized'))
  // One draw from each of N equal parts: no share is off by more than the two parts at its borders.
  const shares = [0, 1, 2, 3].map((index) => indexes.filter((one) => one === index).length / N)
  for (const [index, share] of [1 / 8, 0, 3 / 8, 4 / 8].entries()) {
    expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThanOrEqual(2 / N)
  }
  expect(new Set(probabilities)).toEqual(new Set([1 / 8, 3 / 8, 4 / 8]))
})

test('the priority is (|error| + least)^alpha', () => {
  expect(priorityOf(-3, 0.5, 1)).toBe(2)
  expect(priorityOf(0, 0.5)).toBeCloseTo(0.001, 12)
  expect(priorityOf(5, 0)).toBe(1)
})

test('importance weights are (1/N 1/P)^beta divided by their maximum (Schaul et al., section 3.4)', () => {
  // N P = 0.5 and 2: 2^.5 and .5^.5, over the first.
  expect(importanceWeights([0.125, 0.5], 4, 0.5).map((w) => w.toFixed(12))).toEqual([
    '1.000000000000',
    '0.500000000000',
  ])
  expect(importanceWeights([0.1, 0.9], 4, 0)).toEqual([1, 1])
})

test('with beta 1 the expected step equals that of uniform sampling', () => {
  const list = fc.array(
    fc.record({ priority: fc.integer({ min: 1, max: 9 }), error: fc.integer({ min: -9, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 10,
    },
  )
  fc.assert(
    fc.property(list, (items) => {
      const total = items.reduce((sum, { priority }) => sum + priority, 0)
      const probabilities = items.map(({ priority }) => priority / total)
      const weights = importanceWeights(probabilities, items.length, 1)
      // Enumerated: the sum over all items of P * w * error is the plain mean of errors, but for the common factor 1 / max w.
      const greatest = 1 / (items.length * Math.min(...probabilities))
      const expected = items.reduce((sum, { error }, i) => sum + (probabilities[i] ?? 0) * (weights[i] ?? 0) * error, 0)
      const mean = items.reduce((sum, { error }) => sum + error, 0) / items.length
      expect(expected * greatest).toBeCloseTo(mean, 10)
      expect(Math.max(...weights)).toBe(1)
    }),
  )
})
