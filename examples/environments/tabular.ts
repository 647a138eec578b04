import type { Environment, Random, Step } from './environment.ts'

/** A possible outcome of an action in a state. */
export interface Transition {
  readonly probability: number
  readonly nextState: number
  readonly reward: number
  readonly terminated: boolean
}

/** An environment of numbered states whose transition table is known. */
export interface TabularEnvironment extends Environment<number> {
  readonly states: number
  /** The start states, each with the same probability. */
  readonly startStates: readonly number[]
  /** The possible outcomes of an action; their probabilities sum to 1. Terminal states have none. */
  transitions(state: number, action: number): readonly Transition[]
}

/** The definition of a tabular environment. */
export type Table = Omit<TabularEnvironment, 'reset' | 'step'>

export function tabular(table: Table): TabularEnvironment {
  return {
    ...table,
    reset: (random) => table.startStates[Math.floor(random.next() * table.startStates.length)] ?? 0,
    step: (state, action, random) => draw(table.transitions(state, action), random),
  }
}

/** The only outcome, of deterministic environments. */
export function certainly(nextState: number, reward: number, terminated: boolean): readonly Transition[] {
  return [{ probability: 1, nextState, reward, terminated }]
}

function draw(transitions: readonly Transition[], random: Random): Step<number> {
  let rest = transitions.length > 1 ? random.next() : 0
  for (const { probability, nextState, reward, terminated } of transitions) {
    if (rest < probability) return { observation: nextState, reward, terminated, truncated: false }
    rest -= probability
  }
  // The probabilities sum to 1 except for rounding: the rest belongs to the last one.
  const last = transitions.at(-1)
  if (last === undefined) throw new RangeError('Expected a state with transitions, got a terminal one')
  return { observation: last.nextState, reward: last.reward, terminated: last.terminated, truncated: false }
}
