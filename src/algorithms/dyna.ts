import type { Random } from './random.ts'
import type { Outcome, TransitionCounts } from './transition-counts.ts'
import { qLearning, step } from './value-learning.ts'

/** An action of a state that was tried, with what came of it. */
export interface TriedPair {
  readonly stateKey: string
  readonly actionKey: string
  readonly outcomes: readonly Outcome[]
}

/** The new value of an action of a state. */
export interface PlannedValue {
  readonly stateKey: string
  readonly actionKey: string
  readonly value: number
}

/** All pairs that were tried, in the order of the counts. */
export function triedPairs(counts: TransitionCounts): TriedPair[] {
  return Array.from(counts, ([stateKey, actions]) =>
    Array.from(actions, ([actionKey, outcomes]) => ({ stateKey, actionKey, outcomes: [...outcomes.values()] })),
  ).flat()
}

/**
 * One planning step of Dyna-Q: a pair that was tried, drawn uniformly; one of its outcomes, drawn in proportion to its
 * count; and the Q-learning update of it. Sutton (1990); Sutton & Barto (2018), section 8.2.
 * @param pairs at least one. @param valuesOf the learned values of a state by action key, unseen ones left out.
 * @param options.discount in [0, 1]. @param options.stepSize in (0, 1]. @returns what to remember before the next planning step.
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

/** One of the outcomes, in proportion to their counts. @param outcomes at least one. */
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
