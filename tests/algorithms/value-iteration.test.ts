// That it finds the known values of whole environments is in tests/environments/exact.test.ts.
import { describe, expect, test } from 'vitest'
import { addTransitions, NOTHING_COUNTED, type ObservedTransition } from '../../src/algorithms/transition-counts.ts'
import { greedyPolicy, policyEvaluation, valueIteration } from '../../src/algorithms/value-iteration.ts'

const seen = (
  stateKey: string,
  actionKey: string,
  reward: number,
  nextStateKey: string,
  terminated = false,
): ObservedTransition => ({ stateKey, actionKey, reward, nextStateKey, terminated })

/** From s: stop for 1, or go on to t, from where 0 or 4 is to be had as often. */
const counts = addTransitions(NOTHING_COUNTED, [
  seen('s', 'stop', 1, 'end', true),
  seen('s', 'go', 0, 't'),
  seen('t', 'take', 0, 'end', true),
  seen('t', 'take', 4, 'end', true),
])

describe('valueIteration', () => {
  test('finds the optimal values', () => {
    const { stateValues, actionValues, converged } = valueIteration(counts, { discount: 0.9 })
    expect(stateValues).toEqual(
      new Map([
        ['s', 1.8],
        ['t', 2],
      ]),
    )
    expect(actionValues.get('s')).toEqual(
      new Map([
        ['go', 1.8],
        ['stop', 1],
      ]),
    )
    expect(converged).toBe(true)
  })

  test('gives a state without observed actions the value 0', () => {
    const cut = addTransitions(NOTHING_COUNTED, [seen('s', 'go', 3, 'unknown')])
    expect(valueIteration(cut, { discount: 1 }).stateValues.get('s')).toBe(3)
  })

  test('does not continue from the next state of a terminated outcome', () => {
    const both = addTransitions(NOTHING_COUNTED, [seen('s', 'go', 1, 's', true)])
    expect(valueIteration(both, { discount: 1 }).stateValues.get('s')).toBe(1)
  })

  test('reports when values do not converge', () => {
    const loop = addTransitions(NOTHING_COUNTED, [seen('s', 'again', -1, 's')])
    const { converged, sweeps, stateValues } = valueIteration(loop, { discount: 1, maxSweeps: 50 })
    expect([converged, sweeps, stateValues.get('s')]).toEqual([false, 50, -50])
  })

  test('finds the best epsilon-soft policy', () => {
    // s: .8 * best + .2 * mean of (1, 2) at discount 1.
    const { stateValues } = valueIteration(counts, { discount: 1, epsilon: 0.2 })
    expect(stateValues.get('s')).toBeCloseTo(0.8 * 2 + 0.2 * 1.5, 12)
  })

  test('has no values without counts', () => {
    expect(valueIteration(NOTHING_COUNTED, { discount: 1 })).toMatchObject({ sweeps: 1, converged: true })
  })
})

test('policyEvaluation returns the values of a policy', () => {
  const { stateValues } = policyEvaluation(counts, (_, actions) => actions.map(() => 1 / actions.length), {
    discount: 1,
  })
  expect(stateValues.get('s')).toBe(1.5)
})

describe('greedyPolicy', () => {
  const { actionValues } = valueIteration(counts, { discount: 1 })

  test('gives the best action 1 - epsilon, and all actions their share of epsilon', () => {
    expect(greedyPolicy(actionValues)('s', ['stop', 'go'])).toEqual([0, 1])
    expect(greedyPolicy(actionValues, { epsilon: 0.2 })('s', ['stop', 'go'])).toEqual([0.1, 0.9])
  })

  test('divides the probability among ties within the tolerance, and in unknown states', () => {
    expect(greedyPolicy(actionValues, { tolerance: 1 })('s', ['stop', 'go'])).toEqual([0.5, 0.5])
    expect(greedyPolicy(actionValues)('elsewhere', ['stop', 'go'])).toEqual([0.5, 0.5])
  })
})
