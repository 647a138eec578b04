import { type BorrowedValue, borrowedValues } from '../borrowed-values.ts'
import type { KeyedValue } from '../choice.ts'
import type { Features } from '../state-similarity.ts'
import type { StateIndex } from './state-index.ts'

/** A state that resembles the queried one. */
export interface SimilarKey {
  readonly stateKey: string
  /** In (0.5, 1]. */
  readonly similarity: number
}

const MAX_STATES = 5
const MIN_SIMILARITY = 0.5

/** The states that are similar enough to learn from, most similar first, at most five. */
export function similarKeys(index: StateIndex, features: Features): SimilarKey[] {
  return index
    .nearest(features, MAX_STATES, MIN_SIMILARITY)
    .filter(({ similarity }) => similarity > MIN_SIMILARITY)
    .map(({ state: { key }, similarity }) => ({ stateKey: key, similarity }))
}

/**
 * The values of offered actions in a state without values, estimated from similar states. An action that was not tried there has none.
 *
 * @param valuesOf returns the values in a seen state.
 */
export function similarValues(
  index: StateIndex,
  features: Features,
  offered: readonly string[],
  valuesOf: (stateKey: string) => readonly KeyedValue[],
): BorrowedValue[] {
  const isOffered = new Set(offered)
  return borrowedValues(
    similarKeys(index, features).map(({ stateKey, similarity }) => ({
      similarity,
      actions: valuesOf(stateKey).filter(({ actionKey }) => isOffered.has(actionKey)),
    })),
  )
}
