import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ForgettingOutcomes, remembered } from '../../src/algorithms/forgetting-outcomes.ts'
import { addTransitions, NOTHING_COUNTED } from '../../src/algorithms/transition-counts.ts'

const transition = fc.record({
  stateKey: fc.constantFrom('a', 'b'),
  actionKey: fc.constantFrom('x', 'y'),
  reward: fc.constantFrom(0, 1, -2),
  nextStateKey: fc.constantFrom('a', 'b'),
  terminated: fc.boolean(),
})
const history = fc.array(transition, { maxLength: 40 })

describe('A model', () => {
  test('without a window and a half-life counts everything', () => {
    fc.assert(
      fc.property(history, (transitions) => {
        expect(remembered(transitions, { window: 0, halfLife: 0 })).toEqual(
          addTransitions(NOTHING_COUNTED, transitions),
        )
      }),
    )
  })

  test('with a window counts the newest observations of each action in a state', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 5 }), (transitions, window) => {
        const isOfSame = (one: (typeof transitions)[number], other: (typeof transitions)[number]): boolean =>
          one.stateKey === other.stateKey && one.actionKey === other.actionKey
        const newest = transitions.filter(
          (one, i) => transitions.slice(i + 1).filter((later) => isOfSame(one, later)).length < window,
        )
        expect(remembered(transitions, { window, halfLife: 0 })).toEqual(addTransitions(NOTHING_COUNTED, newest))
      }),
    )
  })

  test.each([0, 100])('with a half-life and the window %i halves the weight of what is that old', (window) => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ observation: transition, gap: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 20 }),
        (steps, halfLife) => {
          const outcomes = new ForgettingOutcomes({ window, halfLife })
          const expected = new Map<string, number>()
          let at = 0
          for (const { observation, gap } of steps) {
            at += gap
            outcomes.add(observation, at)
          }
          let now = 0
          for (const { observation, gap } of steps) {
            now += gap
            const { reward, nextStateKey, terminated } = observation
            const key = `${reward} ${nextStateKey} ${terminated}`
            expected.set(key, (expected.get(key) ?? 0) + 0.5 ** ((at - now) / halfLife))
          }
          expect(outcomes.newestAt).toBe(at)
          const found = new Map<string, number>(
            outcomes.all.map((one) => [`${one.reward} ${one.nextStateKey} ${one.terminated}`, one.count]),
          )
          // What has faded to nothing may be gone.
          for (const [key, weight] of expected) expect(found.get(key) ?? 0).toBeCloseTo(weight, 9)
        },
      ),
    )
  })
})
