/**
 * Returns of a sequence of T steps. `rT[t]` is the reward of step t, `discountT[t]` the discount after it (0 if the episode
 * terminated), `vT[t]` the value of the state after it. All have shape [T].
 */

/**
 * The n-step return: n rewards, then the value of the state after them. Watkins (1989); Sutton & Barto (2018), eq. 7.1.
 * @param rT shape [n]. @param discountT shape [n]. @param v value of the state after the last step.
 */
export function nStepReturn(rT: readonly number[], discountT: readonly number[], v: number): number {
  return rT.reduceRight((rest, r, t) => r + (discountT[t] ?? 0) * rest, v)
}

/**
 * The n-step return of every step; for the last n - 1 steps, the return up to the end of the sequence.
 * @param n at least 1; 1 gives the one-step targets, T or more the returns to the end.
 * @returns shape [T].
 */
export function nStepReturns(
  rT: readonly number[],
  discountT: readonly number[],
  vT: readonly number[],
  n: number,
): number[] {
  return rT.map((_, t) => {
    const end = Math.min(t + n, rT.length)
    return nStepReturn(rT.slice(t, end), discountT.slice(t, end), vT[end - 1] ?? 0)
  })
}

/**
 * The lambda-return of every step: a geometric mixture of the n-step returns. Watkins (1989); Sutton & Barto (2018), eq. 12.2
 * in its recursive form 12.18.
 * @param lambda in [0, 1]; 0 gives the one-step targets, 1 the returns to the end. A list of shape [T] holds the lambda of each
 * step.
 * @returns shape [T].
 */
export function lambdaReturns(
  rT: readonly number[],
  discountT: readonly number[],
  vT: readonly number[],
  lambda: number | readonly number[],
): number[] {
  let next = vT.at(-1) ?? 0
  return rT
    .toReversed()
    .map((r, i) => {
      const t = rT.length - 1 - i
      const lambdaT = typeof lambda === 'number' ? lambda : (lambda[t] ?? 0)
      next = r + (discountT[t] ?? 0) * ((1 - lambdaT) * (vT[t] ?? 0) + lambdaT * next)
      return next
    })
    .toReversed()
}
