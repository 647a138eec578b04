/**
 * LinUCB with a disjoint linear model for each arm: the expected reward is linear in the features observed before the choice.
 * Li, Chu, Langford & Schapire (2010), algorithm 1.
 */

/** The ridge regression of an arm's rewards on its features. */
export interface LinearArm {
  /** The inverse of ridge * I + the sum of x x'; shape [D, D], symmetric. */
  readonly inverse: readonly (readonly number[])[]
  /** The sum of reward * x; shape [D]. */
  readonly weighted: readonly number[]
}

/** An arm without observations. @param dimension number of features, D. @param ridge regularization, above 0. */
export function linearArm(dimension: number, ridge = 1): LinearArm {
  const zeros = (): number[] => Array.from({ length: dimension }, () => 0)
  return { inverse: zeros().map((_, i) => zeros().with(i, 1 / ridge)), weighted: zeros() }
}

/** The estimated coefficients, theta. @returns shape [D]. */
export function coefficientsOf({ inverse, weighted }: LinearArm): number[] {
  return times(inverse, weighted)
}

/**
 * The upper confidence bound of the expected reward: x'theta + alpha * sqrt(x' inverse x).
 * @param x features, shape [D]. @param alpha width of the bound in standard errors, at least 0.
 * @returns in the unit of the rewards; the policy takes an arm of the greatest bound.
 */
export function linUcb(arm: LinearArm, x: readonly number[], alpha: number): number {
  const direction = times(arm.inverse, x)
  return dot(direction, arm.weighted) + alpha * Math.sqrt(Math.max(0, dot(x, direction)))
}

/** Adds an observation to an arm, in O(D^2). Sherman & Morrison (1950) for the inverse. @param x features, shape [D]. */
export function linearArmUpdated({ inverse, weighted }: LinearArm, x: readonly number[], reward: number): LinearArm {
  const direction = times(inverse, x)
  const scale = 1 + dot(x, direction)
  return {
    inverse: inverse.map((row, i) =>
      row.map((value, j) => value - ((direction[i] ?? 0) * (direction[j] ?? 0)) / scale),
    ),
    weighted: weighted.map((value, i) => value + reward * (x[i] ?? 0)),
  }
}

function times(matrix: readonly (readonly number[])[], x: readonly number[]): number[] {
  return matrix.map((row) => dot(row, x))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}
