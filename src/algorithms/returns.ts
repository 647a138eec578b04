/**
 * Returns of a sequence of T steps. `rT[t]` is the reward of step t, `discountT[t]` the discount of what follows it, 0 where
 * the episode terminated; `vT[t]` the value of the state that step t led to. All of shape [T].
 */

/**
 * The n-step return: n rewards, then the value of where they led. Watkins (1989); Sutton & Barto (2018), eq. 7.1.
 * @param rT shape [n]. @param discountT shape [n]. @param v the value of the state after the last of them.
 */
export function nStepReturn(rT: readonly number[], discountT: readonly number[], v: number): number {
  return rT.reduceRight((rest, r, t) => r + (discountT[t] ?? 0) * rest, v)
}

/**
 * The n-step return of every step; nearer to the end than n steps, the return up to the end.
 * @param n at least 1; 1 gives the one-step targets, T or more the returns of the whole sequence.
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
 * The lambda-return of every step: all n-step returns, mixed geometrically. Watkins (1989); Sutton & Barto (2018), eq. 12.2
 * in its recursive form 12.18.
 * @param lambda in [0, 1]; 0 gives the one-step targets, 1 the returns of the whole sequence. Where it is a list, of shape
 * [T], its item t says how much the return of the next step counts at step t.
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
