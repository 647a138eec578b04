import type { Features } from '../../algorithms/features/feature-kinds.ts'
import { featureKindsOf } from '../../algorithms/features/feature-kinds.ts'
import { namedFeatures } from '../../algorithms/features/named-features.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import { modelOfSums } from '../../algorithms/linear/agent-model.ts'
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
  const featuresOf = (state: string): Map<string, number> => namedFeatures(JSON.parse(state) as JsonValue, kinds)
  const byAction = new Map<string, LinearSums>()
  const sumsOf = (action: string): LinearSums => {
    const key = keyOfJson(action)
    const known = byAction.get(key) ?? new LinearSums()
    byAction.set(key, known)
    return known
  }
  for (const one of sums) sumsOf(one.action).addSums(featuresOf(one.state), one)
  for (const { state, action, reward } of recordedOnly) sumsOf(action).remove(featuresOf(state), reward)
  const lastTried = new Map<string, string>()
  for (const { action, timestamp } of learned) lastTried.set(keyOfJson(action), timestamp)
  const tried = [...byAction].filter(([, one]) => one.count > 0)
  return modelOfSums(
    tried.map(([key, one]) => [key, one.toData()]),
    tried.map(([key, { count: visits }]) => [key, { visits, lastUpdated: lastTried.get(key) ?? '' }]),
    features,
  )
}
