import { type Features, featureKindsOf } from '../../algorithms/features/feature-kinds.ts'
import { namedFeatures } from '../../algorithms/features/named-features.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import { modelOfSums } from '../../algorithms/linear/agent-model.ts'
import { MOST_EXACT_FEATURES } from '../../algorithms/linear/exact-linear-learner.ts'
import { LinearSums } from '../../algorithms/linear/linear-sums.ts'
import type { JsonValue } from '../../json-value.ts'
import type { TransitionSums } from '../../tables/learning-sums.ts'
import type { LearnedRow } from '../../tables/linear-models.ts'

/** What an exact model is derived from. */
export interface ModelSource {
  /** All that the agent ever recorded. */
  readonly sums: readonly TransitionSums[]
  /** Stored experiences that the agent has not learned from. */
  readonly recordedOnly: readonly LearnedRow[]
  /** Stored experiences that it has learned from, in order: for when an action was last tried. */
  readonly learned: Iterable<LearnedRow>
}

/**
 * The model of an exact learner, from the sums of all that its agent recorded: also of what was pruned, and of other stores. It equals
 * the one that was learned step by step up to rounding. @returns bytes as `AgentModel` stores them
 */
export function modelFromSums({ sums, recordedOnly, learned }: ModelSource, features: Features): Uint8Array {
  const keyOfJson = memoizedKeyOfJson()
  const kinds = featureKindsOf(features)
  const names = new Set<string>()
  /** Undefined for what an exact learner does not learn from: rows of other programs may hold anything, and stores together too many features. */
  const featuresOf = (text: string): ReadonlyMap<string, number> | undefined => {
    const state = parsed(text)
    if (state === undefined) return undefined
    const features = namedFeatures(state, kinds)
    const added = [...features.keys()].filter((name) => !names.has(name))
    if (names.size + added.length > MOST_EXACT_FEATURES) return undefined
    for (const name of added) names.add(name)
    return features
  }
  const byAction = new Map<string, LinearSums>()
  const sumsOf = (action: string): LinearSums => {
    const key = keyOfJson(action)
    const known = byAction.get(key) ?? new LinearSums()
    byAction.set(key, known)
    return known
  }
  for (const one of sums) {
    const features = featuresOf(one.state)
    if (features) sumsOf(one.action).addSums(features, one)
  }
  for (const { state, action, reward } of recordedOnly) {
    const features = featuresOf(state)
    if (features) sumsOf(action).remove(features, reward)
  }
  const lastTried = new Map<string, string>()
  for (const { action, timestamp } of learned) lastTried.set(keyOfJson(action), timestamp)
  const tried = [...byAction].filter(([, one]) => one.count > 0)
  return modelOfSums(
    tried.map(([key, one]) => [key, one.toData()]),
    tried.map(([key, { count: visits }]) => [key, { visits, lastUpdated: lastTried.get(key) ?? '' }]),
    features,
  )
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
