import { argMaxima, epsilonGreedy } from './exploration.ts'
import { type TabularModel, tabularModel } from './tabular-model.ts'
import type { TransitionCounts } from './transition-counts.ts'

/** What the model says the states and actions are worth, in the unit of the rewards. */
export interface ModelValues {
  readonly stateValues: ReadonlyMap<string, number>
  /** By state key and action key, sorted by key. */
  readonly actionValues: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** How often all states were backed up. */
  readonly sweeps: number
  /** Whether the last sweep changed no state by more than the tolerance. */
  readonly converged: boolean
}

export interface SweepOptions {
  /** In [0, 1]; 1 where every policy that counts comes to an end. */
  readonly discount: number
  /** Sweeps end when none changes a state by more; in the unit of the rewards, 1e-10 unless given. */
  readonly tolerance?: number
  /** And at the latest after so many, 100,000 unless given. n sweeps give the values with n steps left to live. */
  readonly maxSweeps?: number
}

/** A policy over a table: the probabilities of these actions in this state, shape [A], sum 1. */
export type TabularPolicy = (stateKey: string, actionKeys: readonly string[]) => readonly number[]

/**
 * The values of the best policy there is in the model. Bellman (1957); Sutton & Barto (2018), eq. 4.10. What was never tried
 * does not exist, and a state that was never left is worth 0. States are swept synchronously, from 0, and sums are taken in
 * the order of keys: equal counts give equal bits, whatever order they were counted in.
 * @param options.epsilon of the best policy that is epsilon-soft instead, in [0, 1]; Sutton & Barto (2018), section 5.4.
 */
export function valueIteration(
  counts: TransitionCounts,
  options: SweepOptions & { readonly epsilon?: number },
): ModelValues {
  const { epsilon = 0 } = options
  return sweep(tabularModel(counts), options, (values) => {
    const best = values.reduce((greatest, value) => Math.max(greatest, value))
    const mean = epsilon === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
    return (1 - epsilon) * best + epsilon * mean
  })
}

/** The values of a given policy in the model. Sutton & Barto (2018), eq. 4.5. Sweeps as `valueIteration` does. */
export function policyEvaluation(counts: TransitionCounts, policy: TabularPolicy, options: SweepOptions): ModelValues {
  const model = tabularModel(counts)
  const probabilities = model.stateKeys.map((key, s) => policy(key, model.actionKeys[s] ?? []))
  return sweep(model, options, (values, s) => {
    return values.reduce((sum, value, a) => sum + value * (probabilities[s]?.[a] ?? 0), 0)
  })
}

/**
 * The policy that is (epsilon-)greedy with respect to these values; the best share what is theirs.
 * @param epsilon in [0, 1]. @param tolerance values that differ from the best by no more count as best too.
 */
export function greedyPolicy(
  actionValues: ModelValues['actionValues'],
  { epsilon = 0, tolerance = 0 }: { readonly epsilon?: number; readonly tolerance?: number } = {},
): TabularPolicy {
  return (stateKey, actionKeys) => {
    const values = actionKeys.map((key) => actionValues.get(stateKey)?.get(key) ?? 0)
    const best = values[argMaxima(values)[0] ?? 0] ?? 0
    const leveled = values.map((value) => (best - value <= tolerance ? best : value))
    return epsilonGreedy(leveled, epsilon)
  }
}

/** Backs up all states until they settle. @param worth of a state, by the values of its actions and its index. */
function sweep(
  model: TabularModel,
  { discount, tolerance = 1e-10, maxSweeps = 100_000 }: SweepOptions,
  worth: (values: readonly number[], s: number) => number,
): ModelValues {
  const { stateKeys, actionKeys } = model
  let values = new Float64Array(stateKeys.length)
  let sweeps = 0
  let converged = false
  while (!converged && sweeps < maxSweeps) {
    const before = values
    values = Float64Array.from(stateKeys, (_, s) => worth(model.backup(s, before, discount), s))
    converged = values.every((value, s) => Math.abs(value - (before[s] ?? 0)) <= tolerance)
    sweeps++
  }
  const actionValuesOf = (_: string, s: number): ReadonlyMap<string, number> => {
    const q = model.backup(s, values, discount)
    return new Map(actionKeys[s]?.map((key, a) => [key, q[a] ?? 0]))
  }
  return {
    ...{ sweeps, converged },
    stateValues: new Map(stateKeys.map((key, s) => [key, values[s] ?? 0])),
    actionValues: new Map(stateKeys.map((key, s) => [key, actionValuesOf(key, s)])),
  }
}
