/** A tabular model of what was observed: how often each action of each state led where. */

export interface ObservedTransition {
  readonly stateKey: string
  readonly actionKey: string
  readonly reward: number
  readonly nextStateKey: string
  /** The episode reached its end: nothing of the next state counts. */
  readonly terminated: boolean
  /** How often it was observed; once unless given. */
  readonly count?: number
}

/** One way in which an action of a state went, and how often. */
export interface Outcome {
  readonly reward: number
  readonly nextStateKey: string
  readonly terminated: boolean
  readonly count: number
}

/**
 * Outcomes by state key, action key and a key of the outcome. Outcomes with different rewards are kept apart: counts are
 * integers, so merging is exact in every order, which sums of rewards would not be.
 */
export type TransitionCounts = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Outcome>>>

export const NOTHING_COUNTED: TransitionCounts = new Map()

/** The counts with these transitions added. Copies the list of states once: give it many at a time. */
export function addTransitions(counts: TransitionCounts, transitions: Iterable<ObservedTransition>): TransitionCounts {
  const copies = new Map<string, Map<string, Map<string, Outcome>>>()
  for (const { stateKey, actionKey, reward, nextStateKey, terminated, count = 1 } of transitions) {
    const actions = copies.get(stateKey) ?? copyOf(counts.get(stateKey))
    const outcomes = actions.get(actionKey) ?? new Map<string, Outcome>()
    // Neither a number nor a boolean holds a space, so different outcomes have different keys; -0 counts as 0.
    const key = `${reward} ${terminated} ${nextStateKey}`
    const before = outcomes.get(key)?.count ?? 0
    outcomes.set(key, { reward: reward === 0 ? 0 : reward, nextStateKey, terminated, count: before + count })
    copies.set(stateKey, actions.set(actionKey, outcomes))
  }
  return new Map([...counts, ...copies])
}

/** The counts of several replicas that each counted their own experiences. Commutative and associative. */
export function mergeCounts(...replicas: readonly TransitionCounts[]): TransitionCounts {
  return replicas.reduce((sum, counts) => addTransitions(sum, transitionsOf(counts)), NOTHING_COUNTED)
}

/** Everything that was counted, one entry for each outcome. */
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
