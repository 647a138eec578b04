/** Eligibility traces: how much the error of a step moves the values of the steps before it. */

/** Smaller traces count as 0. */
const LEAST = 1e-6

/** Each step reads the traces of an episode again, so their number is limited for decays near 1. */
const MOST_STEPS = 1_000

/** The number of steps before a step that still have a trace. @param decay discount times lambda, in [0, 1]. */
export function traceLength(decay: number): number {
  if (decay === 0 || decay === 1) return decay * MOST_STEPS
  return Math.min(MOST_STEPS, Math.floor(Math.log(LEAST) / Math.log(decay)))
}

/**
 * Replacing traces after the last of these steps: `decay` for each step back; the latest visit of a pair of state and action counts.
 * Singh & Sutton (1996); Sutton & Barto (2018), section 12.5.
 * @param steps oldest first. @param pairOf returns the key of the pair of a step. @param decay discount times lambda, in [0, 1].
 * @returns the latest step of each pair with a trace, and the trace in (0, 1]; newest first.
 */
export function replacingTraces<T>(
  steps: readonly T[],
  pairOf: (step: T) => string,
  decay: number,
): (readonly [step: T, trace: number])[] {
  const traces = new Map<string, readonly [T, number]>()
  let trace = 1
  for (const step of steps.toReversed()) {
    if (trace < LEAST) break
    const pair = pairOf(step)
    if (!traces.has(pair)) traces.set(pair, [step, trace])
    trace *= decay
  }
  return [...traces.values()]
}
