import { describe, expect, test } from 'vitest'
import {
  doublyRobust,
  ips,
  type LoggedDecision,
  type ModeledDecision,
  snips,
  wis,
} from '../../src/algorithms/off-policy.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { StoreError } from '../../src/errors.ts'

/** Two actions that always pay 1 and 3: behaviour .75/.25, target .5/.5, whose value is 2. */
const PAYS = [1, 3]
const BEHAVIOR = [0.75, 0.25]
const TARGET = [0.5, 0.5]
/** A model that is wrong: it predicts 0 and 2, and so 1 for the target. */
const PREDICTS = [0, 2]

function logged(action: number): ModeledDecision {
  return {
    reward: PAYS[action] ?? 0,
    behaviorProbability: BEHAVIOR[action],
    targetProbability: TARGET[action] ?? 0,
    predicted: PREDICTS[action] ?? 0,
    expected: 1,
  }
}

/** The expectation of an estimate over every log of `length` decisions, with its probability. */
function expectation(length: number, estimate: (decisions: readonly ModeledDecision[]) => number): number {
  let sum = 0
  for (let log = 0; log < 2 ** length; log++) {
    const actions = Array.from({ length }, (_, i) => (log >> i) & 1)
    const probability = actions.reduce((product, action) => product * (BEHAVIOR[action] ?? 0), 1)
    sum += probability * estimate(actions.map(logged))
  }
  return sum
}

test('IPS and DR are unbiased over all logs, also with a wrong model', () => {
  expect(expectation(5, (log) => ips(log).value)).toBeCloseTo(2, 12)
  expect(expectation(5, (log) => doublyRobust(log).value)).toBeCloseTo(2, 12)
})

test('their squared standard errors are unbiased for the variance of the estimate', () => {
  for (const estimator of [ips, doublyRobust]) {
    const variance = expectation(5, (log) => (estimator(log).value - 2) ** 2)
    expect(expectation(5, (log) => estimator(log).standardError ** 2)).toBeCloseTo(variance, 12)
  }
})

describe('for the log 0, 0, 0, 1', () => {
  const log = [0, 0, 0, 1].map(logged)

  test('IPS is the mean of weight times reward', () => {
    // Weights 2/3, 2/3, 2/3, 2.
    const { value, effectiveSampleSize } = ips(log)
    expect(value).toBeCloseTo((3 * (2 / 3) + 2 * 3) / 4, 12)
    expect(effectiveSampleSize).toBeCloseTo(16 / (3 * (4 / 9) + 4), 12)
  })

  test('SNIPS divides by the weights instead', () => {
    const { value, standardError, interval } = snips(log)
    expect(value).toBeCloseTo((3 * (2 / 3) + 2 * 3) / 4, 12)
    // sqrt(3 (2/3 (1 - 2))^2 + (2 (3 - 2))^2) / 4.
    expect(standardError).toBeCloseTo(Math.sqrt(3 * (4 / 9) + 4) / 4, 12)
    // 3 effective observations: Student's quantile of 2 degrees of freedom. Two more of the mean squared weight 4/3 and of the
    // variance 1 of the rewards 1, 1, 1, 3.
    const deviation = Math.sqrt(standardError ** 2 + (2 * (4 / 3) * 1) / 4 ** 2)
    expect(interval.upper).toBeCloseTo(value + 4.302653 * deviation, 6)
  })

  test('DR adds the weighted residuals of the model to its expectation', () => {
    // 1 + mean of weight * (reward - predicted), which is 1 for each.
    expect(doublyRobust(log).value).toBeCloseTo(1 + 4 / 4, 12)
  })
})

test('SNIPS is invariant to a shift of the rewards, IPS is not', () => {
  const log = [0, 0, 1].map(logged)
  const raised = log.map((decision) => ({ ...decision, reward: decision.reward + 10 }))
  expect(snips(raised).value - snips(log).value).toBeCloseTo(10, 12)
  expect(ips(raised).value - ips(log).value).not.toBeCloseTo(10, 1)
})

describe('WIS', () => {
  const step = (reward: number, behaviorProbability: number, targetProbability: number): LoggedDecision => ({
    reward,
    behaviorProbability,
    targetProbability,
  })

  test('weights the return of each episode by the product of its ratios', () => {
    // Weights 2 * 2 and 2 * .5, returns 1 + .9 * 2 and 0 + .9 * 1.
    const { value, effectiveSampleSize } = wis(
      [
        [step(1, 0.5, 1), step(2, 0.25, 0.5)],
        [step(0, 0.5, 1), step(1, 0.5, 0.25)],
      ],
      0.9,
    )
    expect(value).toBeCloseTo((4 * 2.8 + 1 * 0.9) / 5, 12)
    expect(effectiveSampleSize).toBeCloseTo(25 / 17, 12)
  })

  test('equals SNIPS for episodes of one decision', () => {
    const log = [0, 1, 1, 0].map(logged)
    expect(
      wis(
        log.map((decision) => [decision]),
        0.5,
      ),
    ).toEqual(snips(log))
  })
})

test('the estimate of the behavior policy is the mean reward with its standard error', () => {
  const log = [1, 2, 3, 4, 5].map((reward) => ({ reward, behaviorProbability: 0.5, targetProbability: 0.5 }))
  expect(ips(log)).toMatchObject({ value: 3, effectiveSampleSize: 5 })
  expect(ips(log).standardError).toBeCloseTo(Math.sqrt(0.5), 12)
  expect(snips(log).value).toBe(3)
})

test('95 % of the intervals contain the true value (400 logs of 200 decisions; 91 to 98 accepted)', () => {
  const random = seededRandom(1, 'coverage')
  for (const estimator of [ips, snips, doublyRobust]) {
    const held = Array.from({ length: 400 }, () => {
      const noisy = Array.from({ length: 200 }, () => {
        const decision = logged(random.next() < 0.75 ? 0 : 1)
        return { ...decision, reward: decision.reward + random.next() - 0.5 }
      })
      const { lower, upper } = estimator(noisy).interval
      return lower <= 2 && 2 <= upper
    })
    const share = held.filter(Boolean).length / held.length
    expect(share > 0.91 && share < 0.98, `${estimator.name}: ${share}`).toBe(true)
  }
})

describe('refuses', () => {
  test.each([undefined, 0, -0.1, 1.1, Number.NaN])('a behavior probability of %s', (behaviorProbability) => {
    const decision = { ...logged(0), behaviorProbability }
    for (const estimate of [ips, snips, doublyRobust]) {
      expect(() => estimate([logged(1), decision])).toThrow('Expected behaviorProbability to be logged')
      expect(() => estimate([decision])).toThrow(StoreError)
    }
    expect(() => wis([[decision]], 1)).toThrow('Expected behaviorProbability to be logged')
  })

  test('an empty log, and an empty episode', () => {
    for (const estimate of [ips, snips, doublyRobust]) expect(() => estimate([])).toThrow('at least one')
    expect(() => wis([], 1)).toThrow('at least one')
    expect(() => wis([[]], 1)).toThrow('at least one')
  })

  test('a policy that never chooses a logged action, which would divide by 0', () => {
    const never = [{ reward: 1, behaviorProbability: 1, targetProbability: 0 }]
    expect(() => snips(never)).toThrow('chooses something that was logged')
    expect(ips(never)).toMatchObject({ value: 0, effectiveSampleSize: 0 })
  })
})

test('one observation gives an infinite standard error', () => {
  for (const estimate of [ips, snips, doublyRobust]) {
    expect(estimate([logged(1)])).toMatchObject({
      standardError: Number.POSITIVE_INFINITY,
      interval: { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY },
    })
  }
})
