/**
 * Eligibility traces by key of state and action; missing keys have a trace of 0. One step of Watkins' Q(lambda) is:
 * `accumulated` with the current pair, `tracedSteps` with the Q-learning error, and `watkinsFaded` for the next action.
 */
export type Traces = ReadonlyMap<string, number>

/** Traces below this are dropped: their effect is below rounding. */
const LEAST = 1e-12

/** Accumulating traces: adds 1 to the trace of a visited key. Sutton & Barto (2018), section 12.2. */
export function accumulated(traces: Traces, key: string): Traces {
  return new Map(traces).set(key, (traces.get(key) ?? 0) + 1)
}

/** Replacing traces: sets the trace of a visited key to 1. Singh & Sutton (1996). */
export function replaced(traces: Traces, key: string): Traces {
  return new Map(traces).set(key, 1)
}

/** Decays all traces by one step. @param discount in [0, 1]. @param lambda in [0, 1]. */
export function faded(traces: Traces, discount: number, lambda: number): Traces {
  const left = Array.from(traces, ([key, trace]) => [key, trace * discount * lambda] as const)
  return new Map(left.filter(([, trace]) => trace >= LEAST))
}

/**
 * Decays all traces by one step of Watkins' Q(lambda). An exploratory action cuts them, because its consequences say nothing
 * about the greedy policy. Watkins (1989); Sutton & Barto (2018), section 12.10.
 * @param isGreedy whether the next action is greedy.
 */
export function watkinsFaded(traces: Traces, discount: number, lambda: number, isGreedy: boolean): Traces {
  return isGreedy ? faded(traces, discount, lambda) : new Map()
}

/**
 * The new values of all keys with a trace: value + stepSize * error * trace. Sutton & Barto (2018), eq. 12.7 for tables.
 * @param before returns the value of a key before the step. @param stepSize in (0, 1]. @returns by key.
 */
export function tracedSteps(
  traces: Traces,
  before: (key: string) => number,
  error: number,
  stepSize: number,
): ReadonlyMap<string, number> {
  return new Map(Array.from(traces, ([key, trace]) => [key, before(key) + stepSize * error * trace]))
}
