/** Optimistic initial values: untried actions start at the highest possible value, so that even a greedy policy tries them. */

/**
 * The greatest possible return: the sum of rMax * discount^t over all t. Brafman & Tennenholtz (2002), R-max.
 * @param rMax the greatest reward of one step. @param discount in [0, 1).
 * @returns an upper bound of all values, in the unit of the rewards.
 */
export function optimisticValue(rMax: number, discount: number): number {
  return rMax / (1 - discount)
}

/**
 * The values of all actions of a state, with `initial` for unseen actions. Sutton & Barto (2018), section 2.6.
 * @param seen values by action key. @param actionKeys all actions of the state, shape [A].
 * @returns shape [A], in the order of `actionKeys`.
 */
export function withInitialValues(
  seen: ReadonlyMap<string, number>,
  actionKeys: readonly string[],
  initial: number,
): number[] {
  return actionKeys.map((key) => seen.get(key) ?? initial)
}
