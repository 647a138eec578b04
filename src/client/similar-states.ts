import { type KeyedValue, keysOf } from '../algorithms/choice.ts'
import { parseKey } from '../algorithms/keys/parse-key.ts'
import { similarValues } from '../algorithms/search/similar-values.ts'
import { StateIndex } from '../algorithms/search/state-index.ts'
import { featuresOf } from '../algorithms/state-similarity.ts'
import type { JsonValue } from '../json-value.ts'

/** Estimates the values of offered actions in a state without values. */
export type SimilarStates = (state: JsonValue, actions: readonly JsonValue[]) => readonly KeyedValue[]

/** Estimates from the states of a copy of the values, which may grow meanwhile. @param values by state key. */
export function similarStatesIn(values: ReadonlyMap<string, readonly KeyedValue[]>): SimilarStates {
  const index = new StateIndex()
  return (state, actions) => {
    // A map keeps its order, and states are never removed from it one by one.
    if (index.size < values.size)
      for (const key of [...values.keys()].slice(index.size)) index.add(key, featuresOf(parseKey(key)))
    return similarValues(index, featuresOf(state), keysOf(actions), (key) => values.get(key) ?? [])
  }
}
