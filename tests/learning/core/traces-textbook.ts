// An independent implementation of the book's pseudocode of eligibility traces, and what compares a store with it.
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

/**
 * Sarsa(lambda) and Watkins's Q(lambda) for tables with replacing traces, by the pseudocode of Sutton & Barto (1998), figures 7.11 and
 * 7.14, and expected SARSA(lambda): one table of traces that every step decays. Actions are chosen after the update of the step before.
 */
export function textbook(
  q: Values,
  episode: readonly Step[],
  end: End,
  { lambda, rate, discount, algorithm }: { lambda: number; rate: number; discount: number; algorithm: string },
): void {
  const taken = (state: number, action: string): number => q.get(keyOf(state, action)) ?? 0
  const bestIn = (state: number): number => {
    const seen = ACTIONS.flatMap((action) => q.get(keyOf(state, action)) ?? [])
    // Expected SARSA here is for one action, or a greedy policy.
    return seen.length === 0 ? 0 : Math.max(...seen)
  }
  const traces = new Map<string, number>()
  const update = ({ state, action, reward }: Step, next: number): void => {
    const error = reward + discount * next - taken(state, action)
    traces.set(keyOf(state, action), 1)
    for (const [key, trace] of traces) {
      q.set(key, (q.get(key) ?? 0) + rate * error * trace)
      traces.set(key, trace * discount * lambda)
    }
  }
  for (const [t, step] of episode.entries()) {
    const before = episode[t - 1]
    const { state, action } = step
    if (before && algorithm === 'sarsa') update(before, taken(state, action))
    if (before && algorithm === 'q-learning' && taken(state, action) < bestIn(state)) traces.clear()
    const isEnd = t === episode.length - 1
    if (algorithm !== 'sarsa' || isEnd) update(step, isEnd && end === 'terminated' ? 0 : bestIn(step.nextState))
  }
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
