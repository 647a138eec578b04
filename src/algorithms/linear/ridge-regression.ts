import { clamped } from '../clamped.ts'
import { choleskyFactor, rowAt, solveLower, solveUpper } from './cholesky.ts'
import type { Contribution } from './contribution.ts'
import type { LinearSums } from './linear-sums.ts'
import type { Standard } from './standards.ts'

/** The expected reward of an action. */
export interface RidgeEstimate {
  /** In the unit of the rewards. */
  readonly mean: number
  /** The standard error, in standard deviations of the noise. */
  readonly deviation: number
}

/**
 * The ridge regression of an action's rewards on standardized features. Its prior is the mean of all rewards, whatever the features.
 * Li, Chu, Langford & Schapire (2010), "A contextual-bandit approach to personalized news article recommendation", section 3.1.
 */
export class RidgeRegression {
  readonly #names: readonly string[]
  readonly #standards: readonly Standard[]
  readonly #ridge: number
  readonly #factor: Float64Array
  /** The coefficients if the mean of all rewards is 0, and what they lose for each unit of it. */
  readonly #coefficients: Float64Array
  readonly #ofMean: Float64Array
  readonly #sums: LinearSums
  readonly #targets: Float64Array
  readonly #totals: Float64Array
  #squaredLength = 0

  /**
   * @param standards of each feature of the sums, shape [D]
   * @param ridge the prior precision of a coefficient, in observations, above 0
   */
  constructor(sums: LinearSums, standards: readonly Standard[], ridge: number) {
    const size = sums.dimension
    this.#sums = sums
    this.#names = sums.names
    this.#standards = standards
    this.#ridge = ridge
    const lower = new Float64Array(rowAt(size))
    const [targets, totals] = [new Float64Array(size), new Float64Array(size)]
    for (let i = 0; i < size; i++) {
      const { center, unit } = standards[i] as Standard
      const sum = sums.product(i, 0)
      totals[i] = (sum - center * sums.count) / unit
      targets[i] = (sums.target(i) - center * sums.target(0)) / unit
      for (let j = 0; j <= i; j++) {
        const other = standards[j] as Standard
        const product = sums.product(i, j) - center * sums.product(j, 0)
        const centered = product - other.center * (sum - center * sums.count)
        if (i === j) this.#squaredLength += centered / (unit * other.unit)
        lower[rowAt(i) + j] = centered / (unit * other.unit) + (i === j ? ridge : 0)
      }
    }
    this.#factor = choleskyFactor(lower, size, ridge)
    this.#targets = targets
    this.#totals = totals
    this.#coefficients = solveUpper(this.#factor, solveLower(this.#factor, targets))
    this.#ofMean = solveUpper(this.#factor, solveLower(this.#factor, totals))
  }

  /** The sum of the squared lengths of the standardized features of all experiences. */
  get squaredLength(): number {
    return this.#squaredLength
  }

  /**
   * The penalized sum of squared residuals. If the ridge is the ratio of the variance of the noise to that of the coefficients, its
   * expectation is the variance of the noise for each experience. Rasmussen & Williams (2006), "Gaussian processes for machine
   * learning", eq. 5.8.
   * @param meanReward of all actions
   */
  residual(meanReward: number): number {
    let residual = this.#sums.squaredRewards
    residual -= meanReward * (2 * this.#sums.target(0) - meanReward * this.#sums.count)
    for (let i = 0; i < this.#targets.length; i++) {
      const target = (this.#targets[i] as number) - meanReward * (this.#totals[i] as number)
      residual -= target * this.#coefficient(i, meanReward)
    }
    return Math.max(0, residual)
  }

  /** Whether it is of these standards and this ridge. */
  isOf(standards: readonly Standard[], ridge: number): boolean {
    return ridge === this.#ridge && standards.every((standard, i) => standard === this.#standards[i])
  }

  /**
   * The expected reward for features.
   * @param meanReward of all actions. @param standardOf the standard of a feature of which this action has had none
   */
  estimate(
    features: ReadonlyMap<string, number>,
    meanReward: number,
    standardOf: (name: string) => Standard,
  ): RidgeEstimate {
    const z = this.#standardized(features)
    const direction = solveLower(this.#factor, z)
    let [mean, variance, known] = [meanReward, 0, 0]
    for (let i = 0; i < z.length; i++) {
      mean += (z[i] as number) * this.#coefficient(i, meanReward)
      variance += (direction[i] as number) ** 2
      if (features.has(this.#names[i] as string)) known++
    }
    if (known < features.size) variance += this.#unknownVariance(features, standardOf)
    return { mean, deviation: Math.sqrt(variance) }
  }

  /** What each feature adds to the expected reward. */
  contributions(features: ReadonlyMap<string, number>, meanReward: number): Contribution[] {
    return [...this.#standardized(features)].map((value, i) => {
      const weight = this.#coefficient(i, meanReward)
      return { feature: this.#names[i] as string, value, weight, contribution: value * weight }
    })
  }

  #coefficient(i: number, meanReward: number): number {
    return (this.#coefficients[i] as number) - meanReward * (this.#ofMean[i] as number)
  }

  #standardized(features: ReadonlyMap<string, number>): Float64Array {
    const z = new Float64Array(this.#names.length)
    for (const [i, name] of this.#names.entries()) {
      z[i] = standardized(features.get(name) ?? 0, this.#standards[i] as Standard)
    }
    return z
  }

  /** The prior variance of the features of which this action has had none. */
  #unknownVariance(features: ReadonlyMap<string, number>, standardOf: (name: string) => Standard): number {
    const known = new Set(this.#names)
    let variance = 0
    for (const [name, value] of features) {
      if (!known.has(name)) variance += standardized(value, standardOf(name)) ** 2 / this.#ridge
    }
    return variance
  }
}

function standardized(value: number, { center, unit }: Standard): number {
  return clamped((value - center) / unit)
}
