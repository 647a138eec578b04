import type { KeyedValue } from './choice.ts'

/** The values learned in a state that resembles the queried one. */
export interface SimilarValues {
  /** Similarity to the queried state, in (0, 1]. */
  readonly similarity: number
  readonly actions: readonly KeyedValue[]
}

/** The value of an action, estimated from similar states. */
export interface BorrowedValue extends KeyedValue {
  /** Weighted mean of the similarities of the source states, in (0, 1]. */
  readonly similarity: number
}

/**
 * Estimates the values of actions in an unseen state: means over the similar states in which an action has a value, weighted by
 * similarity times (n + 1) / (n + 2) for n visits. The second weight saturates on purpose: a hundred visits say little more
 * about *another* state than ten do, and must not outweigh a more similar state. Visits are summed.
 * @param states in a reproducible order, because floating-point sums depend on it.
 * @returns one value per action, sorted by action key.
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
  return Array.from(sums, ([actionKey, { weight, value, similarity, visits }]) => ({
    actionKey,
    value: value / weight,
    visits,
    // Rounding can lift a mean of numbers just below 1 above 1.
    similarity: Math.min(1, similarity / weight),
  })).sort((a, b) => (a.actionKey < b.actionKey ? -1 : 1))
}
