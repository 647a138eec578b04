/** An observed transition. */
export interface ObservedTransition {
  readonly stateKey: string
  readonly actionKey: string
  readonly reward: number
  readonly nextStateKey: string
  /** Whether the episode ended, so that the next state has no value. */
  readonly terminated: boolean
  /** Number of observations. @default 1 */
  readonly count?: number
}

/** An outcome of an action in a state, with its number of observations. */
export interface Outcome {
  readonly reward: number
  readonly nextStateKey: string
  readonly terminated: boolean
  readonly count: number
}

/**
 * Observed outcomes by state key, action key and a key of the outcome. Outcomes with different rewards are separate entries:
 * integer counts merge exactly in any order, sums of rewards would not.
 */
export type TransitionCounts = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Outcome>>>

export const NOTHING_COUNTED: TransitionCounts = new Map()

/** Returns the counts with these transitions added. It copies the map of states, so pass many transitions together. */
export function addTransitions(counts: TransitionCounts, transitions: Iterable<ObservedTransition>): TransitionCounts {
  const copies = new Map<string, Map<string, Map<string, Outcome>>>()
  for (const { stateKey, actionKey, reward, nextStateKey, terminated, count = 1 } of transitions) {
    const actions = copies.get(stateKey) ?? copyOf(counts.get(stateKey))
    const outcomes = actions.get(actionKey) ?? new Map<string, Outcome>()
    // Numbers and booleans contain no space, so different outcomes have different keys. -0 is written as 0.
    const key = `${reward} ${terminated} ${nextStateKey}`
    const before = outcomes.get(key)?.count ?? 0
    outcomes.set(key, { reward: reward === 0 ? 0 : reward, nextStateKey, terminated, count: before + count })
    copies.set(stateKey, actions.set(actionKey, outcomes))
  }
  return new Map([...counts, ...copies])
}

/** Adds the counts of replicas with disjoint experiences. Commutative and associative. */
export function mergeCounts(...replicas: readonly TransitionCounts[]): TransitionCounts {
  return replicas.reduce((sum, counts) => addTransitions(sum, transitionsOf(counts)), NOTHING_COUNTED)
}

/** The counted transitions, one for each outcome. */
export function* transitionsOf(counts: TransitionCounts): Generator<Required<ObservedTransition>> {
  for (const [stateKey, actions] of counts) {
    for (const [actionKey, outcomes] of actions) {
      for (const outcome of outcomes.values()) yield { stateKey, actionKey, ...outcome }
    }
  }
}

function copyOf(
  actions: ReadonlyMap<string, ReadonlyMap<string, Outcome>> = new Map(),
): Map<string, Map<string, Outcome>> {
  return new Map(Array.from(actions, ([actionKey, outcomes]) => [actionKey, new Map(outcomes)]))
}
