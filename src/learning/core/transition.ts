import { keyOf } from '../../algorithms/keys/keys.ts'
import type { JsonValue } from '../../json-value.ts'
import type { TransitionRow } from '../../tables/experiences.ts'

/** What a rule needs of an experience: keys instead of data. */
export interface Transition {
  readonly stateKey: string
  readonly actionKey: string
  readonly reward: number
  readonly nextStateKey: string
  readonly availableKeys: readonly string[]
  readonly terminated: boolean
}

/** The transition of an experience that was recorded before. @param keyOfJson the key of the data that a text is the JSON of. */
export function transitionOf(row: TransitionRow, keyOfJson: (json: string) => string = toKey): Transition {
  const { state, action, reward, nextState, actions, terminated } = row
  const available = actions === null ? [] : (JSON.parse(actions) as JsonValue[])
  return {
    ...{
      stateKey: keyOfJson(state),
      actionKey: keyOfJson(action),
      reward,
      nextStateKey: keyOfJson(nextState),
      terminated,
    },
    availableKeys: available.map((one) => keyOf(one)),
  }
}

/** The same for many of them, in which states come again. */
export function transitionsOf(rows: readonly TransitionRow[]): Transition[] {
  const keys = new Map<string, string>()
  const keyOfJson = (json: string): string => {
    const key = keys.get(json) ?? toKey(json)
    keys.set(json, key)
    return key
  }
  return rows.map((row) => transitionOf(row, keyOfJson))
}

function toKey(json: string): string {
  return keyOf(JSON.parse(json) as JsonValue)
}
