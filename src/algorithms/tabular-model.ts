import type { Outcome, TransitionCounts } from './transition-counts.ts'

/** Counts made ready for sweeping: states and actions by index, in the order of their keys. */
export interface TabularModel {
  readonly stateKeys: readonly string[]
  /** By index of state. */
  readonly actionKeys: readonly (readonly string[])[]
  /**
   * The values of a state's actions, by what they lead to; shape [A].
   * @param s index of the state. @param v values of all states, shape [S].
   */
  backup(s: number, v: ArrayLike<number>, discount: number): number[]
}

/** What one action of one state does: the mean reward, and the probabilities of the states it leads to. */
interface ActionModel {
  readonly reward: number
  readonly next: readonly number[]
  readonly probabilities: readonly number[]
}

/** The most likely model: every outcome as probable as it was frequent. */
export function tabularModel(counts: TransitionCounts): TabularModel {
  const states = sortedByKey(counts)
  const indexOf = new Map(states.map(([key], s) => [key, s]))
  const actions = states.map(([, ofState]) => sortedByKey(ofState))
  const models = actions.map((ofState) => ofState.map(([, outcomes]) => actionModel(outcomes, indexOf)))
  return {
    stateKeys: states.map(([key]) => key),
    actionKeys: actions.map((ofState) => ofState.map(([key]) => key)),
    backup: (s, v, discount) =>
      (models[s] ?? []).map(({ reward, next, probabilities }) => {
        let expected = 0
        for (const [i, nextState] of next.entries()) expected += (probabilities[i] ?? 0) * (v[nextState] ?? 0)
        return reward + discount * expected
      }),
  }
}

function actionModel(outcomes: ReadonlyMap<string, Outcome>, indexOf: ReadonlyMap<string, number>): ActionModel {
  const sorted = sortedByKey(outcomes).map(([, outcome]) => outcome)
  const total = sorted.reduce((sum, { count }) => sum + count, 0)
  // Beyond the end of an episode, and beyond what was ever left, all is worth 0.
  const going = sorted.filter(({ nextStateKey, terminated }) => !terminated && indexOf.has(nextStateKey))
  return {
    reward: sorted.reduce((sum, { reward, count }) => sum + reward * count, 0) / total,
    next: going.map(({ nextStateKey }) => indexOf.get(nextStateKey) ?? 0),
    probabilities: going.map(({ count }) => count / total),
  }
}

function sortedByKey<Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
