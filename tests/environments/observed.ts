import type { TabularEnvironment } from '../../examples/environments/tabular.ts'
import type { ObservedTransition } from '../../src/algorithms/transition-counts.ts'

/** All transitions of an environment, with counts in the proportion of their probabilities. */
export function everyTransition(environment: TabularEnvironment): ObservedTransition[] {
  return pairsOf(environment).flatMap(([state, action]) => {
    const transitions = environment.transitions(state, action)
    const least = Math.min(...transitions.map(({ probability }) => probability))
    return transitions.map(({ probability, nextState, reward, terminated }) => ({
      stateKey: `${state}`,
      actionKey: environment.actionNames[action] ?? '',
      reward,
      nextStateKey: `${nextState}`,
      terminated,
      count: Math.round(probability / least),
    }))
  })
}

export function pairsOf(environment: TabularEnvironment): (readonly [state: number, action: number])[] {
  return Array.from({ length: environment.states }, (_, state) =>
    environment.actionNames.map((_, action) => [state, action] as const),
  ).flat()
}
