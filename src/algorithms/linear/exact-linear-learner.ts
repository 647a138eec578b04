import type { LinearAlgorithm } from '../algorithms.ts'
import { epsilonGreedy } from '../exploration.ts'
import { isNumeric } from '../features/named-features.ts'
import { type Contribution, largest } from './contribution.ts'
import { thompsonShares } from './linear-policies.ts'
import { LinearSums, type LinearSumsData } from './linear-sums.ts'
import { type RidgeEstimate, RidgeRegression } from './ridge-regression.ts'
import { AS_IT_IS, powerOf2Above, type Standard, standardsOf, unknownStandard } from './standards.ts'

/** The number of features beyond which an exact learner takes too long: time grows with the third power, memory with the second. */
export const MOST_EXACT_FEATURES = 200

/** The settings of an exact linear learner. */
export interface ExactLinearSettings {
  readonly algorithm: Exclude<LinearAlgorithm, 'linear'>
  /** Width of the bounds of `lin-ucb` and of the distribution of `lin-ts`, in standard errors; at least 0. */
  readonly scale: number
}

/**
 * The linear contextual bandits LinUCB (Li et al. 2010, algorithm 1) and Thompson sampling (Agrawal & Goyal 2013, "Thompson sampling for
 * contextual bandits with linear payoffs", algorithm 1), with a regression for each action. All that it knows are sums that add;
 * how numbers are standardized follows from the sums of all actions.
 */
export class ExactLinearLearner {
  readonly #settings: ExactLinearSettings
  readonly #sums = new Map<string, LinearSums>()
  /** The names of all features, and whether they are numbers. */
  readonly #names = new Map<string, boolean>()
  readonly #solved = new Map<string, RidgeRegression>()
  readonly #firstSolved = new Map<string, RidgeRegression>()
  #standards = new Map<string, Standard>()
  #meanReward = 0
  #noise = 0
  #ridge = FIRST_RIDGE
  #isStale = true

  /** @param sums by the keys of the actions */
  constructor(settings: ExactLinearSettings, sums: readonly (readonly [key: string, data: LinearSumsData])[] = []) {
    this.#settings = settings
    this.merge(sums)
  }

  /** Number of features of all experiences together with those of a state: beyond `MOST_EXACT_FEATURES`, refuse it. */
  featureCount(features: ReadonlyMap<string, number>): number {
    let count = this.#names.size
    for (const name of features.keys()) if (!this.#names.has(name)) count++
    return count
  }

  /** The expected rewards of actions with their standard errors, in the unit of the rewards. @param features with the intercept */
  estimates(features: ReadonlyMap<string, number>, keys: readonly string[]): RidgeEstimate[] {
    this.#refresh()
    const standardOf = (name: string): Standard =>
      this.#standards.get(name) ?? (this.#names.has(name) ? AS_IT_IS : unknownStandard(features, name))
    return keys.map((key) => {
      const regression = this.#regressionOf(key, this.#ridge, this.#solved)
      const { mean, deviation } = regression.estimate(features, this.#meanReward, standardOf)
      return { mean, deviation: deviation * this.#noise }
    })
  }

  /**
   * The estimates, and the probability with which the policy chooses each action: for `lin-ucb` that of one of the greatest bounds.
   * @param draw returns a uniform number in [0, 1); called by `lin-ts` only. @returns shapes [A]; the probabilities have sum 1.
   */
  predict(
    features: ReadonlyMap<string, number>,
    keys: readonly string[],
    draw: () => number,
  ): { estimates: RidgeEstimate[]; probabilities: number[] } {
    const { algorithm, scale } = this.#settings
    const estimates = this.estimates(features, keys)
    const means = estimates.map(({ mean }) => mean)
    const widths = estimates.map(({ deviation }) => scale * deviation)
    if (algorithm === 'lin-ts') return { estimates, probabilities: thompsonShares(means, widths, draw) }
    const bounds = means.map((mean, a) => mean + (widths[a] as number))
    return { estimates, probabilities: epsilonGreedy(bounds, 0) }
  }

  /** Learns from the reward of an action. */
  learn(features: ReadonlyMap<string, number>, key: string, reward: number): void {
    const sums = this.#sums.get(key) ?? new LinearSums()
    this.#sums.set(key, sums)
    sums.add(features, reward)
    this.#addNames(features.keys())
    this.#solved.delete(key)
    this.#firstSolved.delete(key)
    this.#isStale = true
  }

  /** Adds what another learner has learned. */
  merge(sums: readonly (readonly [key: string, data: LinearSumsData])[]): void {
    for (const [key, data] of sums) {
      const known = this.#sums.get(key)
      if (known) known.merge(new LinearSums(data))
      else this.#sums.set(key, new LinearSums(data))
      this.#addNames(data.names)
    }
    this.#solved.clear()
    this.#firstSolved.clear()
    this.#isStale = true
  }

  /** What each feature adds to the expected reward of an action, beside the mean of all rewards; the largest first. */
  explain(features: ReadonlyMap<string, number>, key: string, limit: number): Contribution[] {
    this.#refresh()
    return largest(this.#regressionOf(key, this.#ridge, this.#solved).contributions(features, this.#meanReward), limit)
  }

  /** The sums of all actions, by their keys. */
  toData(): (readonly [key: string, data: LinearSumsData])[] {
    return [...this.#sums].map(([key, sums]) => [key, sums.toData()])
  }

  #addNames(names: Iterable<string>): void {
    for (const name of names) if (!this.#names.has(name)) this.#names.set(name, isNumeric(name))
  }

  /** Solved again if the action has learned, or the standard of one of its features or the ridge has changed. */
  #regressionOf(key: string, ridge: number, solved: Map<string, RidgeRegression>): RidgeRegression {
    const sums = this.#sums.get(key) ?? UNTRIED
    const standards = sums.names.map((name) => this.#standards.get(name) ?? AS_IT_IS)
    const known = solved.get(key)
    if (known?.isOf(standards, ridge)) return known
    const regression = new RidgeRegression(sums, standards, ridge)
    solved.set(key, regression)
    return regression
  }

  /**
   * Estimates what all actions have in common. The prior for the expected reward of an action is normal around the mean of all
   * rewards, with half their range as its standard deviation. Unlike their variance, the range does not shrink when the policy settles on
   * one action. The ridge is the ratio of noise to prior (empirical Bayes), as a power of 2, so that it rarely changes.
   */
  #refresh(): void {
    if (!this.#isStale) return
    this.#isStale = false
    // In the order of the keys, so that equal sums give equal results to the last bit.
    const keys = [...this.#sums.keys()].sort()
    const sums = keys.map((key) => this.#sums.get(key) as LinearSums)
    const count = total(sums.map((one) => one.count))
    this.#noise = 0
    this.#meanReward = 0
    if (!(count > 0)) return
    this.#standards = standardsOf(this.#names, sums, this.#standards)
    this.#meanReward = total(sums.map((one) => one.target(0))) / count
    const regressions = keys.map((key) => this.#regressionOf(key, FIRST_RIDGE, this.#firstSolved))
    const noise = total(regressions.map((one) => one.residual(this.#meanReward))) / count
    const length = total(regressions.map((one) => one.squaredLength)) / count
    const prior = halfRangeOf(sums) ** 2 / length
    this.#noise = Math.sqrt(noise)
    this.#ridge = prior > 0 ? powerOf2Above(Math.min(1, Math.max(LEAST_RIDGE, noise / prior))) : FIRST_RIDGE
  }
}

/** The ridge for the estimate of the noise. */
const FIRST_RIDGE = 0.25
const LEAST_RIDGE = 2 ** -20
const UNTRIED = new LinearSums()

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0)
}

function halfRangeOf(sums: readonly LinearSums[]): number {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { rewardRange } of sums) {
    if (!rewardRange) continue
    least = Math.min(least, rewardRange[0])
    greatest = Math.max(greatest, rewardRange[1])
  }
  return (greatest - least) / 2
}
