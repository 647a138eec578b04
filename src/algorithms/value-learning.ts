/**
 * One-step temporal-difference errors for tabular values. `Tm1` is the time of the action, `T` the time after it. Unseen actions
 * have the initial value 0. `discountT` is 0 if the episode terminated.
 */

/**
 * The new value: one step along the error. Sutton & Barto (2018), eq. 2.4.
 * @param stepSize in (0, 1].
 */
export function step(qTm1: number, error: number, stepSize: number): number {
  return qTm1 + stepSize * error
}

/**
 * The TD(0) error of a state value. Sutton (1988); Sutton & Barto (2018), eq. 6.5.
 * @param vTm1 the value of the state at Tm1. @param vT the value of the state at T.
 */
export function tdLearning(vTm1: number, rT: number, discountT: number, vT: number): number {
  return rT + discountT * vT - vTm1
}

/**
 * The Q-learning temporal-difference error. Watkins (1989); Sutton & Barto (2018), eq. 6.8.
 * @param qT values of all actions at T, shape [A]; empty counts as 0.
 */
export function qLearning(qTm1: number, rT: number, discountT: number, qT: readonly number[]): number {
  return rT + discountT * greatest(qT) - qTm1
}

/**
 * The SARSA error. Rummery & Niranjan (1994); Sutton & Barto (2018), eq. 6.7.
 * @param qT value of the action taken at T.
 */
export function sarsa(qTm1: number, rT: number, discountT: number, qT: number): number {
  return rT + discountT * qT - qTm1
}

/**
 * The Expected SARSA error. van Seijen et al. (2009); Sutton & Barto (2018), eq. 6.9.
 * @param qT values of all actions at T, shape [A].
 * @param probabilitiesT probabilities of these actions under the policy at T, shape [A], sum 1; empty if `qT` is.
 */
export function expectedSarsa(
  qTm1: number,
  rT: number,
  discountT: number,
  qT: readonly number[],
  probabilitiesT: readonly number[],
): number {
  const expected = qT.reduce((sum, q, a) => sum + q * (probabilitiesT[a] ?? 0), 0)
  return rT + discountT * expected - qTm1
}

/**
 * The Double Q-learning error of the updated table, which selects the action; the other table evaluates it.
 * van Hasselt (2010); Sutton & Barto (2018), eq. 6.10.
 * @param qT values at T in the updated table, shape [A]; the first maximum is selected.
 * @param otherQT values at T in the other table, shape [A].
 */
export function doubleQLearning(
  qTm1: number,
  rT: number,
  discountT: number,
  qT: readonly number[],
  otherQT: readonly number[],
): number {
  const best = qT.indexOf(greatest(qT))
  return rT + discountT * (otherQT[best] ?? 0) - qTm1
}

function greatest(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((best, value) => Math.max(best, value))
}
