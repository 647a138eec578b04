// Episodes of small problems, and what compares the values that a store learns from them with those of a textbook.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { AsyncStore, Experience } from '../../../src/entry/node.ts'

export interface Step {
  readonly state: number
  readonly action: string
  readonly reward: number
  readonly nextState: number
}
export type Values = Map<string, number>
export type End = 'terminated' | 'truncated'

export const ACTIONS: readonly string[] = ['left', 'right']
export const keyOf = (state: number, action: string): string => `${state} ${action}`

/** The value of the best action seen in a state. Expected SARSA takes it too where there is one action, or a greedy policy. */
export function bestOf(q: Values, state: number): number {
  const seen = ACTIONS.flatMap((action) => q.get(keyOf(state, action)) ?? [])
  return seen.length === 0 ? 0 : Math.max(...seen)
}

const step: fc.Arbitrary<Omit<Step, 'state'>> = fc.record({
  action: fc.constantFrom(...ACTIONS),
  reward: fc.integer({ min: -3, max: 3 }),
  nextState: fc.integer({ min: 0, max: 3 }),
})
/** Episodes whose steps each begin where the one before led to. */
export const episodes: fc.Arbitrary<{ readonly steps: Step[]; readonly end: End }[]> = fc.array(
  fc.record({
    steps: fc
      .array(step, { minLength: 1, maxLength: 8 })
      .map((steps): Step[] => steps.map((one, i) => ({ ...one, state: steps[i - 1]?.nextState ?? 0 }))),
    end: fc.constantFrom<End>('terminated', 'truncated'),
  }),
  { maxLength: 5 },
)

const WALK_STATES = 19

/** An episode of the random walk of 19 states, from the one in the middle. Sutton & Barto (2018), example 7.1. */
export function walk(random: { next(): number }): Step[] {
  const steps: Step[] = []
  let state = (WALK_STATES + 1) / 2
  while (state > 0 && state <= WALK_STATES) {
    const nextState = state + (random.next() < 0.5 ? -1 : 1)
    const reward = nextState === 0 ? -1 : nextState > WALK_STATES ? 1 : 0
    steps.push({ state, action: 'left', reward, nextState })
    state = nextState
  }
  return steps
}

/** The root mean square error of the values of the walk's states. */
export function walkErrorOf(q: Values): number {
  const squares = Array.from(
    { length: WALK_STATES },
    (_, i) => ((q.get(keyOf(i + 1, 'left')) ?? 0) - (i + 1 - 10) / 10) ** 2,
  )
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / WALK_STATES)
}

export function experiencesOf(episode: readonly Step[], end: End, episodeId?: string): Experience[] {
  return episode.map((step, i) => ({
    ...step,
    ...(episodeId !== undefined && { episodeId }),
    ...(i === episode.length - 1 && { [end]: true }),
  }))
}

export async function valuesIn(store: AsyncStore, agentId: string): Promise<Values> {
  const all = await store.values.list({ agentId, limit: 1_000 })
  return new Map(all.map(({ stateKey, actionKey, value }) => [`${stateKey} ${actionKey}`, value]))
}

export function expectEqual(values: Values, expected: Values, digits: number): void {
  expect([...values.keys()].sort()).toEqual([...expected.keys()].sort())
  for (const [key, value] of values) expect(value, key).toBeCloseTo(expected.get(key) ?? Number.NaN, digits)
}
