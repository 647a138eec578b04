import type { RecordedExperience } from '../../src/entry/node.ts'

const LEARNING_RATE = 0.1
const DISCOUNT = 0.95

export interface Worth {
  /** By state and action. */
  readonly values: ReadonlyMap<string, number>
  /** What each experience made of its value, by id. */
  readonly afterEach: ReadonlyMap<string, number>
}

export function cellOf(state: unknown, action: unknown): string {
  return JSON.stringify([state, action])
}

/**
 * What comes of experiences in this order, by eq. 6.8 of Sutton & Barto (2018) with the default rates of a store, and none
 * of its code.
 */
export function worthOf(experiences: readonly RecordedExperience[]): Worth {
  const values = new Map<string, number>()
  const afterEach = new Map<string, number>()
  for (const { id, state, action, reward, nextState, terminated, actions } of experiences) {
    const next = (actions ?? []).map((one) => values.get(cellOf(nextState, one)) ?? 0)
    const value = values.get(cellOf(state, action)) ?? 0
    const learned = value + LEARNING_RATE * (reward + (terminated ? 0 : DISCOUNT * Math.max(...next)) - value)
    values.set(cellOf(state, action), learned)
    afterEach.set(id, learned)
  }
  return { values, afterEach }
}
