import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addTransitions,
  mergeCounts,
  NOTHING_COUNTED,
  type ObservedTransition,
  type TransitionCounts,
  transitionsOf,
} from '../../src/algorithms/transition-counts.ts'
import { valueIteration } from '../../src/algorithms/value-iteration.ts'

const key = fc.constantFrom('a', 'b', 'true a', '')
const transition: fc.Arbitrary<ObservedTransition> = fc.record({
  stateKey: key,
  actionKey: key,
  nextStateKey: key,
  terminated: fc.boolean(),
  reward: fc.double({ min: -5, max: 5, noNaN: true }),
})
const transitions = fc.array(transition, { maxLength: 12 })
const counted = (observed: readonly ObservedTransition[]): TransitionCounts => addTransitions(NOTHING_COUNTED, observed)
/** All bits of all values. */
const bits = (counts: TransitionCounts): unknown => {
  const { actionValues } = valueIteration(counts, { discount: 0.9 })
  return Array.from(actionValues, ([state, values]) => [state, ...values])
}

test('counts each outcome of each action of each state', () => {
  const seen = { stateKey: 's', actionKey: 'a', reward: 1, nextStateKey: 't', terminated: false }
  const counts = addTransitions(counted([seen, { ...seen, count: 3 }]), [seen, { ...seen, reward: 2 }])
  expect([...transitionsOf(counts)]).toEqual([
    { ...seen, count: 5 },
    { ...seen, reward: 2, count: 1 },
  ])
})

test('addTransitions does not change the counts that were passed', () => {
  fc.assert(
    fc.property(transitions, transitions, (before, more) => {
      const counts = counted(before)
      const copy = JSON.stringify([...transitionsOf(counts)])
      addTransitions(counts, more)
      expect(JSON.stringify([...transitionsOf(counts)])).toBe(copy)
    }),
  )
})

test('merging is commutative and associative, to the last bit of the values derived', () => {
  fc.assert(
    fc.property(transitions, transitions, transitions, (a, b, c) => {
      const [x, y, z] = [counted(a), counted(b), counted(c)] as const
      const together = counted([...a, ...b, ...c])
      for (const merged of [
        mergeCounts(x, y, z),
        mergeCounts(z, x, y),
        mergeCounts(mergeCounts(x, y), z),
        mergeCounts(x, mergeCounts(y, z)),
      ]) {
        expect(merged).toEqual(together)
        expect(bits(merged)).toEqual(bits(together))
      }
    }),
  )
})
