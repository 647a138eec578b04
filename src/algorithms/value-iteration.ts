import { argMaxima, epsilonGreedy } from './exploration.ts'
import { type TabularModel, tabularModel } from './tabular-model.ts'
import type { TransitionCounts } from './transition-counts.ts'

/** The values of states and actions in a model, in the unit of the rewards. */
export interface ModelValues {
  readonly stateValues: ReadonlyMap<string, number>
  /** By state key and action key, sorted by key. */
  readonly actionValues: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** Number of sweeps over all states. */
  readonly sweeps: number
  /** Whether the last sweep changed no value by more than the tolerance. */
  readonly converged: boolean
}

/** Options for sweeps over the states of a model. */
export interface SweepOptions {
  /** Discount factor, in [0, 1]; 1 only if episodes end under the policies in question. */
  readonly discount: number
  /** Largest change of a value in the last sweep, in the unit of the rewards. @default 1e-10 */
  readonly tolerance?: number
  /** Maximum number of sweeps; n sweeps give the values of episodes of n steps. @default 100_000 */
  readonly maxSweeps?: number
}

/** The keys of the actions that a state offers, by the key of the state. */
export type OfferedKeys = ReadonlyMap<string, Iterable<string>>

/** A tabular policy: returns the probabilities of the actions in a state, shape [A], sum 1. */
export type TabularPolicy = (stateKey: string, actionKeys: readonly string[]) => readonly number[]

/**
 * The values of the optimal policy in the model. Bellman (1957); Sutton & Barto (2018), eq. 4.10. A state without observed actions
 * has the initial value, and so has an untried action that a state is known to offer; other untried actions do not exist. Sweeps are
 * synchronous, start at 0 and sum in the order of keys: equal counts give bitwise equal values, in whatever order they were counted.
 * @param options.initialValue default 0. @param options.offered the keys of the actions that a state offers, by its key.
 * @param options.epsilon in [0, 1]; above 0, the values are those of the best epsilon-soft policy. Sutton & Barto (2018), section 5.4.
 */
export function valueIteration(
  counts: TransitionCounts,
  options: SweepOptions & { readonly epsilon?: number; readonly initialValue?: number; readonly offered?: OfferedKeys },
): ModelValues {
  const { epsilon = 0, initialValue = 0, offered } = options
  const model = tabularModel(counts, initialValue)
  const untried = model.stateKeys.map((key, s) => {
    const tried = new Set(model.actionKeys[s])
    return [...(offered?.get(key) ?? [])].filter((action) => !tried.has(action)).map(() => initialValue)
  })
  return sweep(model, options, (tried, s) => {
    const values = [...tried, ...(untried[s] ?? [])]
    const best = values.reduce((greatest, value) => Math.max(greatest, value))
    const mean = epsilon === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
    return (1 - epsilon) * best + epsilon * mean
  })
}

/** The values of a given policy in the model. Sutton & Barto (2018), eq. 4.5. Sweeps like `valueIteration`. */
export function policyEvaluation(counts: TransitionCounts, policy: TabularPolicy, options: SweepOptions): ModelValues {
  const model = tabularModel(counts)
  const probabilities = model.stateKeys.map((key, s) => policy(key, model.actionKeys[s] ?? []))
  return sweep(model, options, (values, s) => {
    return values.reduce((sum, value, a) => sum + value * (probabilities[s]?.[a] ?? 0), 0)
  })
}

/**
 * The epsilon-greedy policy of these values; the best actions share the probability of the greedy choice.
 * @param options.epsilon in [0, 1], default 0. @param options.tolerance values this close to the best count as best; default 0.
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

/** Backs up all states until they converge. @param stateValue returns the value of a state by its action values and its index. */
function sweep(
  model: TabularModel,
  { discount, tolerance = 1e-10, maxSweeps = 100_000 }: SweepOptions,
  stateValue: (values: readonly number[], s: number) => number,
): ModelValues {
  const { stateKeys, actionKeys } = model
  let values = new Float64Array(stateKeys.length)
  let sweeps = 0
  let converged = false
  while (!converged && sweeps < maxSweeps) {
    const before = values
    values = Float64Array.from(stateKeys, (_, s) => stateValue(model.backup(s, before, discount), s))
    converged = values.every((value, s) => Math.abs(value - (before[s] ?? 0)) <= tolerance)
    sweeps++
  }
  const actionValuesOf = (_: string, s: number): ReadonlyMap<string, number> => {
    const q = model.backup(s, values, discount)
    return new Map(actionKeys[s]?.map((key, a) => [key, q[a] ?? 0]))
  }
  return {
    sweeps,
    converged,
    stateValues: new Map(stateKeys.map((key, s) => [key, values[s] ?? 0])),
    actionValues: new Map(stateKeys.map((key, s) => [key, actionValuesOf(key, s)])),
  }
}
