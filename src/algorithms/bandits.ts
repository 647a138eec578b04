/** What is known of the arms of a bandit without context. */

/** An arm with the mean of what it paid. */
export interface Arm {
  readonly pulls: number
  /** The sample average of the rewards; 0 where there was none. */
  readonly mean: number
}

export const UNTRIED_ARM: Arm = { pulls: 0, mean: 0 }

/** The arm after one more reward. Sutton & Barto (2018), eq. 2.3. */
export function pulled({ pulls, mean }: Arm, reward: number): Arm {
  return { pulls: pulls + 1, mean: mean + (reward - mean) / (pulls + 1) }
}

/**
 * What UCB1 (`ucb1` with its scale of sqrt(2)) is sure not to lose, in expectation, against always taking the best arm.
 * Auer, Cesa-Bianchi & Fischer (2002), theorem 1.
 * @param means of the arms, rewards in [0, 1]; shape [A]. @param horizon number of pulls. @returns in the unit of the rewards.
 */
export function ucb1RegretBound(means: readonly number[], horizon: number): number {
  const best = means.reduce((greatest, mean) => Math.max(greatest, mean), Number.NEGATIVE_INFINITY)
  const gaps = means.map((mean) => best - mean).filter((gap) => gap > 0)
  return gaps.reduce((sum, gap) => sum + (8 * Math.log(horizon)) / gap + (1 + Math.PI ** 2 / 3) * gap, 0)
}
