import type { Environment, Random, Step } from './environment.ts'

/** One way in which an action of a state can go. */
export interface Transition {
  readonly probability: number
  readonly nextState: number
  readonly reward: number
  readonly terminated: boolean
}

/** An environment of numbered states whose transition table is known. */
export interface TabularEnvironment extends Environment<number> {
  readonly states: number
  /** Where an episode starts: each of these with the same probability. */
  readonly startStates: readonly number[]
  /** What an action of a state leads to; the probabilities sum to 1. States after the end go nowhere: an empty list. */
  transitions(state: number, action: number): readonly Transition[]
}

/** What sets one tabular environment apart from another. */
export type Table = Omit<TabularEnvironment, 'reset' | 'step'>

export function tabular(table: Table): TabularEnvironment {
  return {
    ...table,
    reset: (random) => table.startStates[Math.floor(random.next() * table.startStates.length)] ?? 0,
    step: (state, action, random) => draw(table.transitions(state, action), random),
  }
}

/** For problems without chance. */
export function certainly(nextState: number, reward: number, terminated: boolean): readonly Transition[] {
  return [{ probability: 1, nextState, reward, terminated }]
}

function draw(transitions: readonly Transition[], random: Random): Step<number> {
  let rest = transitions.length > 1 ? random.next() : 0
  for (const { probability, nextState, reward, terminated } of transitions) {
    if (rest < probability) return { observation: nextState, reward, terminated, truncated: false }
    rest -= probability
  }
  // Rounding: what is left of 1 belongs to the last.
  const last = transitions.at(-1)
  if (last === undefined) throw new RangeError('Expected a state that can be left, got one after the end')
  return { observation: last.nextState, reward: last.reward, terminated: last.terminated, truncated: false }
}
