import { describe, expect, test } from 'vitest'
import { drawIndex } from '../../src/algorithms/exploration.ts'
import { doublyRobust, ips } from '../../src/algorithms/off-policy.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { crossFitted, fitted, type TargetedDecision, type TargetSituation } from '../../src/algorithms/reward-model.ts'
import { momentsOf } from '../../src/algorithms/statistics.ts'

const BEHAVIOR = [0.75, 0.25]
const TARGET = [0.5, 0.5]
/** What the actions pay in two states; the target earns 2 in the one and 5 in the other. */
const PAYS = [
  [1, 3],
  [8, 2],
]
const SITUATIONS = PAYS.map(
  (_, state): TargetSituation => ({
    stateKey: `s${state}`,
    distribution: new Map(TARGET.map((probability, a) => [`a${a}`, probability])),
  }),
)

function decision(state: number, action: number, reward = PAYS[state]?.[action] ?? 0): TargetedDecision {
  return {
    situation: SITUATIONS[state] as TargetSituation,
    actionKey: `a${action}`,
    reward,
    behaviorProbability: BEHAVIOR[action],
    targetProbability: TARGET[action] ?? 0,
  }
}

/** The expectation of an estimate over every log of these states, with the probability of its actions. */
function expectation(states: readonly number[], estimate: (log: readonly TargetedDecision[]) => number): number {
  let sum = 0
  for (let log = 0; log < 2 ** states.length; log++) {
    const actions = states.map((_, i) => (log >> i) & 1)
    const probability = actions.reduce((product, action) => product * (BEHAVIOR[action] ?? 0), 1)
    sum += probability * estimate(states.map((state, i) => decision(state, actions[i] ?? 0)))
  }
  return sum
}

describe('the cross-fitted model', () => {
  test.each([[[0, 0, 0, 0, 0]], [[0, 1, 0, 1, 0, 1]], [[0, 1]], [[0]]])(
    'leaves the doubly robust estimate unbiased over all logs of the states %j',
    (states) => {
      const truth = states.reduce((sum, state) => sum + (state === 0 ? 2 : 5), 0) / states.length
      expect(expectation(states, (log) => doublyRobust(crossFitted(log)).value)).toBeCloseTo(truth, 12)
    },
  )

  test('predicts each reward from the other rewards of the action, else of the state, else of all decisions', () => {
    const log = [decision(0, 0, 2), decision(0, 0, 4), decision(0, 1, 9), decision(1, 0, 6)]
    // 9 alone in a1: the mean of 2 and 4. 6 alone in s1: the mean of 2, 4 and 9.
    expect(crossFitted(log).map(({ predicted }) => predicted)).toEqual([4, 2, 3, 5])
    // For the target: half of a0 and half of a1, each as the others tell.
    expect(crossFitted(log).map(({ expected }) => expected)).toEqual([6.5, 5.5, 3, 5])
    expect(crossFitted([decision(0, 0, 7)])).toMatchObject([{ predicted: 0, expected: 0 }])
  })

  test('is needed: a model fitted with the decision itself is biased', () => {
    const biased = expectation([0, 1], (log) => doublyRobust(fitted(log)).value)
    expect(biased).not.toBeCloseTo(3.5, 1)
  })
})

describe('the fitted model', () => {
  test('makes the doubly robust estimate the direct method', () => {
    const wide: TargetSituation = {
      stateKey: 's0',
      distribution: new Map([
        ['a0', 0.2],
        ['a2', 0.8],
      ]),
    }
    const log = [decision(0, 0, 2), decision(0, 1, 9), decision(0, 0, 5), decision(1, 1, 6), decision(1, 0, -3)]
    const mixed = [...log, { ...decision(0, 1, 1), situation: wide }]
    for (const decisions of [log, mixed]) {
      const modeled = fitted(decisions)
      expect(doublyRobust(modeled).value).toBeCloseTo(momentsOf(modeled.map(({ expected }) => expected)).mean, 12)
    }
    // s0: a0 3.5, a1 5, together 17/4; s1: a1 6, a0 -3.
    expect(doublyRobust(fitted(log)).value).toBeCloseTo((3 * (3.5 + 9) * 0.5 + 2 * 1.5) / 5, 12)
    expect(fitted(mixed)[5]?.expected).toBeCloseTo(0.2 * 3.5 + 0.8 * (17 / 4), 12)
  })

  test('uses the action frequencies of the log instead of the logged propensities', () => {
    const log = [decision(0, 0), decision(0, 0), decision(0, 0), decision(0, 1)].map((one) => ({
      ...one,
      behaviorProbability: undefined,
    }))
    const shares = fitted(log).map(({ behaviorProbability, targetProbability }) => [
      behaviorProbability,
      targetProbability,
    ])
    expect(shares).toEqual([
      [0.75, 0.5],
      [0.75, 0.5],
      [0.75, 0.5],
      [0.25, 0.5],
    ])
  })
})

test('95 % intervals of both models have nominal coverage and are narrower than those of IPS', () => {
  const random = seededRandom(20240611, 'coverage')
  const runs = 500
  const found = { dr: { covered: 0, width: 0 }, dm: { covered: 0, width: 0 }, ips: { covered: 0, width: 0 } }
  for (let run = 0; run < runs; run++) {
    const log = Array.from({ length: 300 }, () => {
      const state = random.next() < 0.5 ? 0 : 1
      const action = drawIndex(BEHAVIOR, random.next())
      return decision(state, action, (PAYS[state]?.[action] ?? 0) + 4 * (random.next() - 0.5))
    })
    const estimates = { dr: doublyRobust(crossFitted(log)), dm: doublyRobust(fitted(log)), ips: ips(log) }
    for (const name of ['dr', 'dm', 'ips'] as const) {
      const { lower, upper } = estimates[name].interval
      found[name].covered += lower < 3.5 && 3.5 < upper ? 1 : 0
      found[name].width += upper - lower
    }
  }
  // Of 500 with .95 each: 475, with a standard deviation of 4.9.
  for (const { covered } of Object.values(found)) {
    expect(covered).toBeGreaterThan(457)
    expect(covered).toBeLessThan(493)
  }
  expect(found.dr.width).toBeLessThan(0.8 * found.ips.width)
  expect(found.dm.width).toBeLessThan(0.8 * found.ips.width)
})
