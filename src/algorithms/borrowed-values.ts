import type { KeyedValue } from './choice.ts'

/** A state like the one that is asked about, and what was learned in it. */
export interface SimilarValues {
  /** In (0, 1]. */
  readonly similarity: number
  readonly actions: readonly KeyedValue[]
}

/** What an action is worth in states like this one. */
export interface BorrowedValue extends KeyedValue {
  /** Of the states the value comes from, in (0, 1]. */
  readonly similarity: number
}

/**
 * The values of actions in a state where nothing was learned: means over the similar states that know the action, weighted by
 * similarity and by n + 1 over n + 2 for n visits. The second weight levels off on purpose: a hundred visits tell little more
 * about *another* state than ten, and must not outvote one that is nearer. Visits add up.
 * @param states in an order that is the same everywhere. @returns by action key.
 */
export function borrowedValues(states: readonly SimilarValues[]): BorrowedValue[] {
  const sums = new Map<string, { weight: number; value: number; similarity: number; visits: number }>()
  for (const { similarity, actions } of states) {
    for (const { actionKey, value, visits } of actions) {
      const sum = sums.get(actionKey) ?? { weight: 0, value: 0, similarity: 0, visits: 0 }
      const weight = (similarity * (visits + 1)) / (visits + 2)
      sums.set(actionKey, {
        weight: sum.weight + weight,
        value: sum.value + weight * value,
        similarity: sum.similarity + weight * similarity,
        visits: sum.visits + visits,
      })
    }
  }
  // Rounding may lift a mean of numbers just below 1 above it.
  return Array.from(sums, ([actionKey, { weight, value, similarity, visits }]) => ({
    ...{ actionKey, value: value / weight, visits, similarity: Math.min(1, similarity / weight) },
  })).sort((a, b) => (a.actionKey < b.actionKey ? -1 : 1))
}
