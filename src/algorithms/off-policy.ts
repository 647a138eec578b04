import { invalid } from '../checks.ts'
import { type Interval, normalInterval } from './intervals.ts'
import { momentsOf, standardErrorOf } from './statistics.ts'

/** What a policy would have earned, from what another policy did: estimators over logged decisions. */

/** A decision that was logged while the behaviour policy chose. */
export interface LoggedDecision {
  /** What it paid. */
  readonly reward: number
  /** The probability with which the behaviour policy chose this action, in (0, 1]; undefined where it was not logged. */
  readonly behaviorProbability: number | undefined
  /** The probability with which the policy in question chooses it, in [0, 1]. */
  readonly targetProbability: number
}

/** The same, with what a model of the rewards says about it. */
export interface ModeledDecision extends LoggedDecision {
  /** The reward that the model predicts for the action that was chosen. */
  readonly predicted: number
  /** The reward that the model predicts for the policy in question: the sum of its probabilities times the predictions. */
  readonly expected: number
}

/** In the unit of the rewards: per decision, or per episode for `wis`. */
export interface PolicyEstimate {
  readonly value: number
  /** Infinity where one observation alone says nothing about it. */
  readonly standardError: number
  /** 95 %. */
  readonly interval: Interval
  /** As many observations of the policy itself would say as much. Kong (1992): (sum w)^2 / sum w^2. */
  readonly effectiveSampleSize: number
}

/** Inverse propensity scoring: unbiased. Horvitz & Thompson (1952); Precup, Sutton & Singh (2000). @throws INVALID_ARGUMENT */
export function ips(decisions: readonly LoggedDecision[]): PolicyEstimate {
  const weights = weightsOf(decisions)
  return meanEstimate(
    decisions.map(({ reward }, i) => (weights[i] ?? 0) * reward),
    weights,
  )
}

/** Self-normalised inverse propensity scoring: consistent, with less variance. Swaminathan & Joachims (2015). @throws INVALID_ARGUMENT */
export function snips(decisions: readonly LoggedDecision[]): PolicyEstimate {
  return ratioEstimate(
    decisions.map(({ reward }) => reward),
    weightsOf(decisions),
  )
}

/** The direct method: what the model predicts; as good as the model, and needs no propensities. @throws INVALID_ARGUMENT */
export function directMethod(decisions: readonly Pick<ModeledDecision, 'expected'>[]): PolicyEstimate {
  checkSome(decisions, 'decisions')
  return meanEstimate(
    decisions.map(({ expected }) => expected),
    decisions.map(() => 1),
  )
}

/**
 * Doubly robust: the model, corrected by what it missed; unbiased if the model or the propensities are right. Dudík, Langford
 * & Li (2011). @throws INVALID_ARGUMENT
 */
export function doublyRobust(decisions: readonly ModeledDecision[]): PolicyEstimate {
  const weights = weightsOf(decisions)
  return meanEstimate(
    decisions.map(({ reward, predicted, expected }, i) => expected + (weights[i] ?? 0) * (reward - predicted)),
    weights,
  )
}

/**
 * Weighted importance sampling over episodes: the weight of an episode is the product of its steps' ratios. Precup, Sutton & Singh
 * (2000); Sutton & Barto (2018), eq. 5.6.
 * @param episodes decisions in their order. @param discount in [0, 1]. @returns the value of an episode's start. @throws INVALID_ARGUMENT
 */
export function wis(episodes: readonly (readonly LoggedDecision[])[], discount: number): PolicyEstimate {
  checkSome(episodes, 'episodes')
  return ratioEstimate(
    episodes.map((steps) => steps.reduceRight((rest, { reward }) => reward + discount * rest, 0)),
    episodes.map((steps) => weightsOf(steps).reduce((product, weight) => product * weight, 1)),
  )
}

/** Ratios of the probabilities, shape [N]. */
function weightsOf(decisions: readonly LoggedDecision[]): number[] {
  checkSome(decisions, 'decisions')
  return decisions.map(({ behaviorProbability, targetProbability }) => {
    if (behaviorProbability === undefined || !(behaviorProbability > 0 && behaviorProbability <= 1)) {
      throw invalid('behaviorProbability', 'logged with every decision, above 0 and at most 1', behaviorProbability)
    }
    return targetProbability / behaviorProbability
  })
}

function meanEstimate(terms: readonly number[], weights: readonly number[]): PolicyEstimate {
  const moments = momentsOf(terms)
  const standardError = terms.length < 2 ? Number.POSITIVE_INFINITY : standardErrorOf(moments)
  return estimateOf(moments.mean, standardError, weights)
}

/** The weighted mean; its standard error by the delta method. Owen (2013), "Monte Carlo theory", eq. 9.9. */
function ratioEstimate(values: readonly number[], weights: readonly number[]): PolicyEstimate {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total === 0) throw invalid('the policy', 'one that chooses something that was logged', 'no such decision')
  const value = values.reduce((sum, one, i) => sum + one * (weights[i] ?? 0), 0) / total
  const squares = values.reduce((sum, one, i) => sum + ((weights[i] ?? 0) * (one - value)) ** 2, 0)
  const counted = weights.filter((weight) => weight > 0).length
  return estimateOf(value, counted < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(squares) / total, weights)
}

function estimateOf(value: number, standardError: number, weights: readonly number[]): PolicyEstimate {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const squares = weights.reduce((sum, weight) => sum + weight ** 2, 0)
  const effectiveSampleSize = squares === 0 ? 0 : total ** 2 / squares
  return { value, standardError, interval: normalInterval(value, standardError), effectiveSampleSize }
}

function checkSome(list: readonly unknown[], what: string): void {
  if (list.length === 0) throw invalid(what, 'at least one', list)
}
