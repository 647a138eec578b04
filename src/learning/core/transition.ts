import { keyOf } from '../../algorithms/keys/keys.ts'
import type { JsonValue } from '../../json-value.ts'
import type { TransitionRow } from '../../tables/experiences.ts'

/** The part of an experience that tabular algorithms use: keys instead of data. */
export interface Transition {
  readonly stateKey: string
  readonly actionKey: string
  readonly reward: number
  readonly nextStateKey: string
  /** The keys of the actions that the next state offers; empty if unknown. */
  readonly nextKeys: readonly string[]
  readonly terminated: boolean
}

/** The transition of a stored experience. @param keyOfJson returns the key of JSON data. */
export function transitionOf(row: TransitionRow, keyOfJson: (json: string) => string = toKey): Transition {
  const { state, action, reward, nextState, nextActions, terminated } = row
  const offered = nextActions === null ? [] : (JSON.parse(nextActions) as JsonValue[])
  return {
    stateKey: keyOfJson(state),
    actionKey: keyOfJson(action),
    reward,
    nextStateKey: keyOfJson(nextState),
    terminated,
    nextKeys: offered.map((one) => keyOf(one)),
  }
}

/** The transitions of stored experiences. */
export function transitionsOf(rows: readonly TransitionRow[]): Transition[] {
  const keyOfJson = memoizedKeyOfJson()
  return rows.map((row) => transitionOf(row, keyOfJson))
}

/** Returns a function that returns the key of JSON data and parses each distinct text once. */
export function memoizedKeyOfJson(): (json: string) => string {
  const keys = new Map<string, string>()
  return (json) => {
    const key = keys.get(json) ?? toKey(json)
    keys.set(json, key)
    return key
  }
}

function toKey(json: string): string {
  return keyOf(JSON.parse(json) as JsonValue)
}
