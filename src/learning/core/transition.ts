import { memoizedKeyOfJson, keyOfJson as parsedKey } from '../../algorithms/keys/key-of-json.ts'
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
export function transitionOf(row: TransitionRow, keyOfJson: (json: string) => string = parsedKey): Transition {
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
