import { checkBoolean, checkList, checkOptions, invalid } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import { drawIndex, epsilonGreedy } from './exploration.ts'
import { keyOf } from './keys/keys.ts'
import { parseKey } from './keys/parse-key.ts'
import { type PolicySettings, probabilitiesOf } from './policies.ts'

/** Options for selecting an action. */
export interface SelectOptions<Action = JsonValue> {
  /** The available actions. Default: the actions that were seen in this state. */
  readonly actions?: readonly Action[]
  /** Choose the action of the highest value, without exploring. @default false */
  readonly greedy?: boolean
}

/** The learned value of an action in a state. */
export interface ActionValue<Action = JsonValue> {
  /** The action as it was passed or recorded. */
  readonly action: Action
  /** Learned value, in the unit of the rewards; the agent's `initialValue` for an action without experience. */
  readonly value: number
  /** Number of experiences behind the value. */
  readonly visits: number
}

/** The action that a policy chose, with the alternatives. */
export interface Choice<Action = JsonValue> {
  /** The chosen action. */
  readonly action: Action
  /** Probability with which the policy chooses this action in this state, in (0, 1]. */
  readonly probability: number
  /** The available actions with their values: in the order of `actions`, or sorted by key. */
  readonly values: readonly ActionValue<Action>[]
  /** Whether another action has a higher value. */
  readonly explored: boolean
}

/** The learned value of an action, under the key of the action. */
export interface KeyedValue {
  readonly actionKey: string
  readonly value: number
  readonly visits: number
}

/**
 * Chooses one of the available actions by a policy.
 * @param known the values learned in this state, sorted by action key.
 * @param draw returns a uniform number in [0, 1); called only if more than one action is possible.
 * @throws INVALID_ARGUMENT, also if there is no action to choose from.
 */
export function choose(
  known: readonly KeyedValue[],
  options: SelectOptions,
  policy: PolicySettings,
  draw: () => number,
): Choice {
  const isGreedy = isGreedyBy(options)
  const values = availableOf(known, options.actions, policy.initialValue)
  const numbers = values.map(({ value }) => value)
  return drawn(values, isGreedy ? epsilonGreedy(numbers, 0) : probabilitiesOf(values, policy), draw)
}

/** Checks the options and returns whether to choose greedily. @throws INVALID_ARGUMENT */
export function isGreedyBy(options: SelectOptions): boolean {
  const { greedy } = checkOptions(options, 'the options', ['actions', 'greedy'])
  return greedy !== undefined && checkBoolean(greedy, 'greedy')
}

/** Draws one of the actions. @param probabilities shape [A], sum 1. */
export function drawn(values: readonly ActionValue[], probabilities: readonly number[], draw: () => number): Choice {
  const certain = probabilities.indexOf(1)
  const chosen = certain === -1 ? drawIndex(probabilities, draw()) : certain
  const { action, value } = values[chosen] as ActionValue
  const explored = values.some((other) => other.value > value)
  return { action, probability: probabilities[chosen] ?? 0, values, explored }
}

/** The value with its action instead of the key. */
export function toActionValue({ actionKey, value, visits }: KeyedValue): ActionValue {
  return { action: parseKey(actionKey), value, visits }
}

/** The keys of a list of actions. @throws INVALID_ARGUMENT */
export function keysOf(actions: readonly JsonValue[], what: string = 'actions'): string[] {
  return checkList(actions, what).map((action) => keyOf(action as JsonValue, what))
}

/** The keys of the available actions. @throws INVALID_ARGUMENT, also if there is none or one is listed twice */
export function offeredKeys(actions: readonly JsonValue[]): string[] {
  const keys = keysOf(actions)
  if (keys.length === 0) throw invalid('actions', 'a list of at least one action', actions)
  if (new Set(keys).size < keys.length) throw invalid('actions', 'different from each other', actions)
  return keys
}

/** The available actions with their learned values. @throws INVALID_ARGUMENT, also if there is none. */
export function availableOf(
  known: readonly KeyedValue[],
  actions: readonly JsonValue[] | undefined,
  initialValue: number,
): readonly ActionValue[] {
  if (actions === undefined) {
    if (known.length === 0) throw invalid('actions', 'given for a state in which no action was seen', undefined)
    return known.map(toActionValue)
  }
  return offeredKeys(actions).map((key, i) => {
    const row = known.find(({ actionKey }) => actionKey === key)
    return { action: actions[i] as JsonValue, value: row?.value ?? initialValue, visits: row?.visits ?? 0 }
  })
}
