import QuickLRU from 'quick-lru'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { type Features, featuresOf, nearest } from '../../algorithms/state-similarity.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { StateOfEvidence } from './evidence.ts'

/** A similar state and the values of its actions. */
export interface SimilarState extends StateOfEvidence {
  readonly actions: readonly ValueRow[]
}

export interface SimilarStates {
  /** Number of states that were compared. */
  readonly compared: number
  /** The states with a similarity above 0.5, most similar first, at most five. */
  readonly near: readonly SimilarState[]
  /** The most similar state, however dissimilar; undefined if the agent has seen no other. */
  readonly nearest: StateOfEvidence | undefined
}

const MAX_STATES = 5
const MIN_SIMILARITY = 0.5
/**
 * The number of states to compare on each side of the queried one in the order of keys, where keys with the same
 * beginning lie. Bounds the cost for agents with many states.
 */
const COMPARED_ON_EACH_SIDE = 500

/** By state key. Parsing keys would dominate the cost. */
const featuresByKey = new QuickLRU<string, Features>({ maxSize: 2000 })

/** The states of an agent that are most similar to one in which nothing was learned. */
export function similarStates(core: Core, agentId: string, state: JsonValue, stateKey: string): SimilarStates {
  core.writePending()
  const seen = core.values
    .stateKeysAround(agentId, stateKey, COMPARED_ON_EACH_SIDE)
    .map((key) => ({ key, features: featuresOfKey(key) }))
  const ranked = nearest(featuresOf(state), seen, MAX_STATES).map(({ state: { key }, similarity }) => ({
    state: parseKey(key),
    stateKey: key,
    similarity,
  }))
  return {
    compared: seen.length,
    near: ranked
      .filter(({ similarity }) => similarity > MIN_SIMILARITY)
      .map((one) => ({ ...one, actions: core.valueCache.of(agentId, one.stateKey) })),
    nearest: ranked[0],
  }
}

function featuresOfKey(key: string): Features {
  const features = featuresByKey.get(key) ?? featuresOf(parseKey(key))
  featuresByKey.set(key, features)
  return features
}
