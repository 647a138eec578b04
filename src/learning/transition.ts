import { keyOf, type PlainValue } from '../algorithms/keys.ts'
import type { ExperienceRow } from '../tables/experiences.ts'

/** What a rule needs of an experience: keys instead of data. */
export interface Transition {
  readonly stateKey: string
  readonly actionKey: string
  readonly reward: number
  readonly nextStateKey: string
  readonly availableKeys: readonly string[]
  readonly terminated: boolean
}

/** The transition of an experience that was recorded before. */
export function transitionOf({
  state,
  action,
  reward,
  nextState,
  availableActions,
  terminated,
}: ExperienceRow): Transition {
  const key = (json: string): string => keyOf(JSON.parse(json) as PlainValue)
  const available = availableActions === null ? [] : (JSON.parse(availableActions) as PlainValue[])
  return {
    ...{ stateKey: key(state), actionKey: key(action), reward, nextStateKey: key(nextState), terminated },
    availableKeys: available.map((one) => keyOf(one)),
  }
}
