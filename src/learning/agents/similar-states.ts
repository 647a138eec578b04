import type { BorrowedValue } from '../../algorithms/borrowed-values.ts'
import { keysOf } from '../../algorithms/choice.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { similarKeys, similarValues } from '../../algorithms/search/similar-values.ts'
import { StateIndex } from '../../algorithms/search/state-index.ts'
import { type Features, featuresOf } from '../../algorithms/state-similarity.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { ValueObserver } from '../core/value-cache.ts'
import type { StateOfEvidence } from './evidence.ts'

/** A similar state and the values of its actions. */
export interface SimilarState extends StateOfEvidence {
  readonly actions: readonly ValueRow[]
}

export interface SimilarStates {
  /** Number of states that were compared, directly or by the index. */
  readonly compared: number
  /** The states with a similarity above 0.5, most similar first, at most five. */
  readonly near: readonly SimilarState[]
  /** The most similar state, however dissimilar; undefined if the agent has seen no other. */
  readonly nearest: StateOfEvidence | undefined
}

/** The states of an agent that are in its index, at most: those that changed last. Bounds its memory. */
const MAX_INDEXED = 20_000

/** The states of the agents of a store by similarity; made when they are first asked for. */
class Indexes implements ValueObserver {
  readonly #core: Core
  readonly #indexes = new Map<string, StateIndex>()

  constructor(core: Core) {
    this.#core = core
    core.valueCache.observe(this)
  }

  of(agentId: string): StateIndex {
    const made = this.#indexes.get(agentId)
    if (made && made.size <= 2 * MAX_INDEXED) return made
    const index = new StateIndex()
    this.#core.writePending()
    for (const key of this.#core.values.newestStateKeys(agentId, MAX_INDEXED)) index.add(key, featuresOf(parseKey(key)))
    this.#indexes.set(agentId, index)
    return index
  }

  changed(agentId: string, stateKey: string, before: readonly ValueRow[]): void {
    if (before.length === 0) this.#indexes.get(agentId)?.add(stateKey, featuresOf(parseKey(stateKey)))
  }

  forget(): void {
    this.#indexes.clear()
  }
}

const indexes = new WeakMap<Core, Indexes>()

function indexOf(core: Core, agentId: string): StateIndex {
  const found = indexes.get(core) ?? new Indexes(core)
  indexes.set(core, found)
  return found.of(agentId)
}

/** The states of an agent that are most similar to one in which nothing was learned. */
export function similarStates(core: Core, agentId: string, state: JsonValue): SimilarStates {
  const index = indexOf(core, agentId)
  const features = featuresOf(state)
  const near = similarKeys(index, features).map((one) => ({
    ...one,
    state: parseKey(one.stateKey),
    actions: core.valueCache.of(agentId, one.stateKey),
  }))
  return { compared: index.size, near, nearest: near[0] ?? nearestOf(index, features) }
}

/** The values of offered actions in a state in which nothing was learned, estimated from similar states. */
export function valuesOfSimilarStates(
  core: Core,
  agentId: string,
  state: JsonValue,
  actions: readonly JsonValue[],
): BorrowedValue[] {
  const index = indexOf(core, agentId)
  return similarValues(index, featuresOf(state), keysOf(actions), (key) => core.valueCache.of(agentId, key))
}

function nearestOf(index: StateIndex, features: Features): StateOfEvidence | undefined {
  const [nearest] = index.nearest(features, 1)
  if (!nearest) return undefined
  const { state, similarity } = nearest
  return { state: parseKey(state.key), stateKey: state.key, similarity }
}
