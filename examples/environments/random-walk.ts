import { type TabularEnvironment, tabular } from './tabular.ts'

/**
 * States 1 to `length` in a row, with a step to either side with probability 1/2. Leaving to the right has reward 1, to the left 0. The
 * value of state i is i / (length + 1). There is one action. Sutton & Barto (2018), example 6.2.
 */
export function randomWalk(length = 5): TabularEnvironment {
  return tabular({
    actionNames: ['walk'],
    states: length + 2,
    startStates: [(length + 1) / 2],
    transitions(state) {
      if (state <= 0 || state > length) return []
      return [state - 1, state + 1].map((nextState) => ({
        probability: 0.5,
        nextState,
        reward: nextState > length ? 1 : 0,
        terminated: nextState === 0 || nextState > length,
      }))
    },
  })
}
