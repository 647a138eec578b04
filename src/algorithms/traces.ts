/**
 * Eligibility traces: how much each value that led here shares in the error met here. By key, here of a state and an
 * action; what is not there has a trace of 0. One step of Watkins' Q(lambda) is: `accumulated` with the pair that was
 * taken, `tracedSteps` with the Q-learning error, and `watkinsFaded` with the action taken next.
 */
export type Traces = ReadonlyMap<string, number>

/** Traces below this are forgotten: their share is less than the rounding of what they would change. */
const LEAST = 1e-12

/** Once more here: the trace rises by 1. Sutton & Barto (2018), section 12.2. */
export function accumulated(traces: Traces, key: string): Traces {
  return new Map(traces).set(key, (traces.get(key) ?? 0) + 1)
}

/** Once more here: the trace is 1, however often. Singh & Sutton (1996). */
export function replaced(traces: Traces, key: string): Traces {
  return new Map(traces).set(key, 1)
}

/** One step later. @param discount in [0, 1]. @param lambda in [0, 1]. */
export function faded(traces: Traces, discount: number, lambda: number): Traces {
  const left = Array.from(traces, ([key, trace]) => [key, trace * discount * lambda] as const)
  return new Map(left.filter(([, trace]) => trace >= LEAST))
}

/**
 * One step later in Watkins' Q(lambda): an action that is not greedy cuts all traces, as what follows says nothing about the
 * greedy policy. Watkins (1989); Sutton & Barto (2018), section 12.10.
 * @param isGreedy whether the action taken next is one of the best.
 */
export function watkinsFaded(traces: Traces, discount: number, lambda: number, isGreedy: boolean): Traces {
  return isGreedy ? faded(traces, discount, lambda) : new Map()
}

/**
 * The new values of everything that has a trace: value + stepSize * error * trace. Sutton & Barto (2018), eq. 12.7 for tables.
 * @param before the value before the step, by key. @param stepSize in (0, 1]. @returns by key.
 */
export function tracedSteps(
  traces: Traces,
  before: (key: string) => number,
  error: number,
  stepSize: number,
): ReadonlyMap<string, number> {
  return new Map(Array.from(traces, ([key, trace]) => [key, before(key) + stepSize * error * trace]))
}
