/** Optimistic initial values: what was never tried is taken for the best, so that even a greedy policy tries it. */

/**
 * The greatest return that is possible, the sum of rMax * discount^t over all t. Brafman & Tennenholtz (2002), R-max.
 * @param rMax the greatest reward of one step. @param discount in [0, 1).
 * @returns an initial value that no learned value can exceed, in the unit of the rewards.
 */
export function optimisticValue(rMax: number, discount: number): number {
  return rMax / (1 - discount)
}

/**
 * The values of all actions of a state, with `initial` for those that are unseen. Sutton & Barto (2018), section 2.6.
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
