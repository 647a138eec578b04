import type { Random } from './random.ts'
import type { Outcome, TransitionCounts } from './transition-counts.ts'
import { qLearning, step } from './value-learning.ts'

/** A state and an action that was tried in it, with the observed outcomes. */
export interface TriedPair {
  readonly stateKey: string
  readonly actionKey: string
  readonly outcomes: readonly Outcome[]
}

/** The new value of an action in a state. */
export interface PlannedValue {
  readonly stateKey: string
  readonly actionKey: string
  readonly value: number
}

/** The observed pairs of state and action, in the order of the counts. */
export function triedPairs(counts: TransitionCounts): TriedPair[] {
  return Array.from(counts, ([stateKey, actions]) =>
    Array.from(actions, ([actionKey, outcomes]) => ({ stateKey, actionKey, outcomes: [...outcomes.values()] })),
  ).flat()
}

/**
 * One planning step of Dyna-Q: draws an observed pair uniformly, then one of its outcomes in proportion to its count, and
 * computes the Q-learning update. Sutton (1990); Sutton & Barto (2018), section 8.2.
 * @param pairs at least one. @param valuesOf returns the learned values of a state by action key, without unseen actions.
 * @param options.discount in [0, 1]. @param options.stepSize in (0, 1].
 * @returns the updated value, to be stored before the next planning step.
 */
export function planningStep(
  pairs: readonly TriedPair[],
  valuesOf: (stateKey: string) => ReadonlyMap<string, number>,
  { discount, stepSize, random }: { readonly discount: number; readonly stepSize: number; readonly random: Random },
): PlannedValue {
  const { stateKey, actionKey, outcomes } = pairs[Math.floor(random.next() * pairs.length)] as TriedPair
  const { reward, nextStateKey, terminated } = drawOutcome(outcomes, random)
  const qTm1 = valuesOf(stateKey).get(actionKey) ?? 0
  const qT = terminated ? [] : [...valuesOf(nextStateKey).values()]
  return { stateKey, actionKey, value: step(qTm1, qLearning(qTm1, reward, discount, qT), stepSize) }
}

/** Draws an outcome in proportion to the counts. @param outcomes at least one. */
export function drawOutcome(outcomes: readonly Outcome[], random: Random): Outcome {
  const [first] = outcomes
  if (outcomes.length === 1) return first as Outcome
  let rest = random.next() * outcomes.reduce((sum, { count }) => sum + count, 0)
  const drawn = outcomes.find(({ count }) => {
    rest -= count
    return rest < 0
  })
  return (drawn ?? outcomes.at(-1)) as Outcome
}
