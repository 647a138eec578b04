import QuickLRU from 'quick-lru'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { type Features, featuresOf, nearest } from '../../algorithms/state-similarity.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { StateOfEvidence } from './evidence.ts'

/** A state like the one that is asked about, and what is known of its actions. */
export interface SimilarState extends StateOfEvidence {
  readonly actions: readonly ValueRow[]
}

export interface SimilarStates {
  /** How many states of the agent were compared. */
  readonly compared: number
  /** Those that are more like it than not, the most similar first, at most five. */
  readonly near: readonly SimilarState[]
  /** The one most like it, however little; undefined where the agent has seen no other. */
  readonly nearest: StateOfEvidence | undefined
}

const MOST_STATES = 5
const LEAST_SIMILARITY = 0.5
/**
 * How many states are compared on each side of the one that is asked about, in the order of keys: those that begin alike lie
 * there. More would make an agent with many states wait.
 */
const COMPARED_ON_EACH_SIDE = 500

/** By state key, which always means the same: taking a key apart is what finding similar states would spend its time on. */
const known = new QuickLRU<string, Features>({ maxSize: 2000 })

/** The seen states of an agent that are most like this one, in which nothing was learned. */
export function similarStates(core: Core, agentId: string, state: JsonValue, stateKey: string): SimilarStates {
  core.writeHeld()
  const seen = core.values
    .stateKeysAround(agentId, stateKey, COMPARED_ON_EACH_SIDE)
    .map((key) => ({ key, features: featuresOfKey(key) }))
  const ranked = nearest(featuresOf(state), seen, MOST_STATES).map(({ state: { key }, similarity }) => ({
    ...{ state: parseKey(key), stateKey: key, similarity },
  }))
  return {
    compared: seen.length,
    near: ranked
      .filter(({ similarity }) => similarity > LEAST_SIMILARITY)
      .map((one) => ({ ...one, actions: core.valueCache.of(agentId, one.stateKey) })),
    nearest: ranked[0],
  }
}

function featuresOfKey(key: string): Features {
  const features = known.get(key) ?? featuresOf(parseKey(key))
  known.set(key, features)
  return features
}
