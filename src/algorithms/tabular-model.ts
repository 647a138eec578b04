import type { Outcome, TransitionCounts } from './transition-counts.ts'

/** A maximum-likelihood model for sweeps: states and actions by index, in the order of their keys. */
export interface TabularModel {
  readonly stateKeys: readonly string[]
  /** Action keys by state index. */
  readonly actionKeys: readonly (readonly string[])[]
  /**
   * The expected values of a state's actions.
   * @param s index of the state. @param v values of all states, shape [S]. @param discount in [0, 1]. @returns shape [A].
   */
  backup(s: number, v: ArrayLike<number>, discount: number): number[]
}

/** Mean reward and transition probabilities of an action in a state. */
interface ActionModel {
  readonly reward: number
  /** Probability of a next state without observed actions. */
  readonly unknown: number
  readonly next: readonly number[]
  readonly probabilities: readonly number[]
}

/**
 * The maximum-likelihood model: probabilities are relative frequencies.
 * @param initialValue the value of a state without observed actions.
 */
export function tabularModel(counts: TransitionCounts, initialValue: number = 0): TabularModel {
  const states = sortedByKey(counts)
  const indexOf = new Map(states.map(([key], s) => [key, s]))
  const actions = states.map(([, ofState]) => sortedByKey(ofState))
  const models = actions.map((ofState) => ofState.map(([, outcomes]) => actionModel(outcomes, indexOf)))
  return {
    stateKeys: states.map(([key]) => key),
    actionKeys: actions.map((ofState) => ofState.map(([key]) => key)),
    backup: (s, v, discount) =>
      (models[s] ?? []).map(({ reward, unknown, next, probabilities }) => {
        let expected = unknown * initialValue
        for (const [i, nextState] of next.entries()) expected += (probabilities[i] ?? 0) * (v[nextState] ?? 0)
        return reward + discount * expected
      }),
  }
}

function actionModel(outcomes: ReadonlyMap<string, Outcome>, indexOf: ReadonlyMap<string, number>): ActionModel {
  const sorted = sortedByKey(outcomes).map(([, outcome]) => outcome)
  const total = sorted.reduce((sum, { count }) => sum + count, 0)
  // After the end of an episode the value is 0.
  const going = sorted.filter(({ terminated }) => !terminated)
  const continuing = going.filter(({ nextStateKey }) => indexOf.has(nextStateKey))
  const unknown = going.filter(({ nextStateKey }) => !indexOf.has(nextStateKey))
  return {
    reward: sorted.reduce((sum, { reward, count }) => sum + reward * count, 0) / total,
    unknown: unknown.reduce((sum, { count }) => sum + count, 0) / total,
    next: continuing.map(({ nextStateKey }) => indexOf.get(nextStateKey) ?? 0),
    probabilities: continuing.map(({ count }) => count / total),
  }
}

function sortedByKey<Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
