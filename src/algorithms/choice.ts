import { checkBoolean, checkList, checkOptions, invalid } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import { drawIndex, epsilonGreedy } from './exploration.ts'
import { keyOf } from './keys/keys.ts'
import { parseKey } from './keys/parse-key.ts'
import { type PolicySettings, probabilitiesOf } from './policies.ts'

/** From what to choose, and whether to explore. */
export interface SelectOptions {
  /** What is to choose from; the actions seen in this state unless given. */
  readonly actions?: readonly JsonValue[]
  /** Choose the best known action, without exploring. */
  readonly greedy?: boolean
}

/** What an action in a state was learned to be worth. */
export interface ActionValue {
  /** As it was given or recorded. */
  readonly action: JsonValue
  /** The learned worth; 0 where nothing was learned. */
  readonly value: number
  /** How many experiences the value rests on. */
  readonly visits: number
}

/** The action that a policy chose, and from what. */
export interface Choice {
  /** What to do. */
  readonly action: JsonValue
  /** The probability with which the policy chooses this action here. */
  readonly probability: number
  /** What was to choose from, in the order it was given, or by key. */
  readonly values: readonly ActionValue[]
  /** Whether the action is not one of the best known. */
  readonly explored: boolean
}

/** What is known of one action in a state, under its key. */
export interface KeyedValue {
  readonly actionKey: string
  readonly value: number
  readonly visits: number
}

/**
 * The choice of a policy among what is available.
 * @param known what was learned in this state, by action key. @param draw uniform in [0, 1); asked for only where chance decides.
 * @throws INVALID_ARGUMENT, also where nothing is available and nothing was seen.
 */
export function choose(
  known: readonly KeyedValue[],
  options: SelectOptions,
  policy: PolicySettings,
  draw: () => number,
): Choice {
  const isGreedy = isGreedyBy(options)
  const values = availableOf(known, options.actions)
  const numbers = values.map(({ value }) => value)
  return drawn(values, isGreedy ? epsilonGreedy(numbers, 0) : probabilitiesOf(values, policy), draw)
}

/** @throws INVALID_ARGUMENT */
export function isGreedyBy(options: SelectOptions): boolean {
  const { greedy } = checkOptions(options, 'the options', ['actions', 'greedy'])
  return greedy !== undefined && checkBoolean(greedy, 'greedy')
}

/** One of the actions, by these probabilities, shape [A], sum 1. */
export function drawn(values: readonly ActionValue[], probabilities: readonly number[], draw: () => number): Choice {
  const certain = probabilities.indexOf(1)
  const chosen = certain === -1 ? drawIndex(probabilities, draw()) : certain
  const { action, value } = values[chosen] as ActionValue
  const explored = values.some((other) => other.value > value)
  return { action, probability: probabilities[chosen] ?? 0, values, explored }
}

/** @throws INVALID_ARGUMENT */
export function keysOf(actions: readonly JsonValue[]): string[] {
  return checkList(actions, 'actions').map((action) => keyOf(action as JsonValue, 'actions'))
}

/** What is to choose from, with what is known of it. @throws INVALID_ARGUMENT, also where that is nothing. */
export function availableOf(
  known: readonly KeyedValue[],
  actions: readonly JsonValue[] | undefined,
): readonly ActionValue[] {
  if (actions === undefined) {
    if (known.length === 0) throw invalid('actions', 'given for a state in which no action was seen', undefined)
    return known.map(({ actionKey, value, visits }) => ({ action: parseKey(actionKey), value, visits }))
  }
  const keys = keysOf(actions)
  if (keys.length === 0) throw invalid('actions', 'a list of at least one action', actions)
  if (new Set(keys).size < keys.length) throw invalid('actions', 'different from each other', actions)
  return keys.map((key, i) => {
    const row = known.find(({ actionKey }) => actionKey === key)
    return { action: actions[i] as JsonValue, value: row?.value ?? 0, visits: row?.visits ?? 0 }
  })
}
