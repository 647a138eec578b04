import type { KeyedValue } from './choice.ts'

/**
 * How a policy treats a state without values: by those of the most similar states, or with every action alike. `auto`: `similar` once
 * states hardly recur.
 */
export const UNSEEN_STATES = ['auto', 'similar', 'uniform'] as const

/** How a policy treats a state without values. @useDeclaredType */
export type UnseenStates = (typeof UNSEEN_STATES)[number]

/** How many states an agent has values in. */
export interface StateCount {
  readonly states: number
  /** In how many of them it has been once. */
  readonly once: number
}

/** Whether an agent was in a state once. @param values of the actions in the state */
export function isSeenOnce(values: readonly Pick<KeyedValue, 'visits'>[]): boolean {
  return values.reduce((sum, { visits }) => sum + visits, 0) === 1
}

/** The least number of states from which `auto` can tell. */
const MIN_STATES = 20
/** The share of states seen once from which a table of values learns next to nothing. */
const HARDLY_RECURRING = 0.9

/** Whether a policy takes the values of similar states for those of an unseen one. */
export function usesSimilarStates(unseenStates: UnseenStates, count: () => StateCount): boolean {
  if (unseenStates !== 'auto') return unseenStates === 'similar'
  const { states, once } = count()
  return states >= MIN_STATES && 2 * once > states
}

/** The share of the states seen once, in [0, 1]; null without states. */
export function shareSeenOnce({ states, once }: StateCount): number | null {
  return states === 0 ? null : once / states
}

/** Whether states recur so rarely that another kind of learner fits better. */
export function hardlyRecur(count: StateCount): boolean {
  return count.states >= MIN_STATES && (shareSeenOnce(count) ?? 0) > HARDLY_RECURRING
}
