/**
 * The n-step return: n rewards, then the value of the state after them. Watkins (1989); Sutton & Barto (2018), eq. 7.1.
 * @param rT the rewards, shape [n]. @param discountT the discounts after them, 0 if the episode terminated, shape [n].
 * @param v the value of the state after the last step.
 */
export function nStepReturn(rT: readonly number[], discountT: readonly number[], v: number): number {
  return rT.reduceRight((rest, r, t) => r + (discountT[t] ?? 0) * rest, v)
}
