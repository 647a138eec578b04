import { epsilonGreedy, softmax, ucb1 } from './exploration.ts'
import { type Belief, probabilitiesOfBest } from './probability-matching.ts'

/** The policies by which an agent can choose an action. */
export const POLICIES = ['epsilon-greedy', 'softmax', 'ucb1', 'thompson-gaussian', 'thompson-beta'] as const

/** The policies that take a value for the mean of the rewards of its visits. */
export const BANDIT_POLICIES: readonly string[] = [
  'ucb1',
  'thompson-gaussian',
  'thompson-beta',
] satisfies LearnerPolicy[]

/** The policy by which an agent chooses actions. @useDeclaredType */
export type LearnerPolicy = (typeof POLICIES)[number]

/** A policy with its settings. Each policy uses only its own settings. */
export interface PolicySettings {
  readonly policy: LearnerPolicy
  /** Exploration rate of `epsilon-greedy`, in [0, 1]. */
  readonly epsilon: number
  /** Temperature of `softmax`, above 0, in the unit of the values. */
  readonly temperature: number
  /** Width of the bounds of `ucb1`, at least 0. */
  readonly ucbScale: number
  /** Value of an action without experience. */
  readonly initialValue: number
  /** The range of rewards that `thompson-beta` maps to [0, 1]; null if rewards are in it already. */
  readonly rewardRange: readonly [low: number, high: number] | null
}

/** The value of an action with the number of its experiences. */
export interface Known {
  readonly value: number
  readonly visits: number
}

/**
 * The probability with which a policy chooses each action. Thompson sampling takes a value for the mean of `visits` rewards:
 * `thompson-gaussian` with noise of variance 1 and a standard normal prior, `thompson-beta` with rewards in `rewardRange` and a
 * uniform prior; a value outside, which bootstrapping can reach, counts as the nearest end.
 * @param known shape [A], A >= 1. @returns shape [A], sum 1.
 */
export function probabilitiesOf(known: readonly Known[], settings: PolicySettings): number[] {
  const values = known.map(({ value }) => value)
  const visits = known.map((one) => one.visits)
  switch (settings.policy) {
    case 'epsilon-greedy':
      return epsilonGreedy(values, settings.epsilon)
    case 'softmax':
      return softmax(values, settings.temperature)
    case 'ucb1':
      return epsilonGreedy(ucb1(values, visits, settings.ucbScale), 0)
    case 'thompson-gaussian':
      return probabilitiesOfBest(known.map(gaussian))
    case 'thompson-beta':
      return probabilitiesOfBest(known.map(betaIn(settings.rewardRange ?? [0, 1])), 0, 1)
  }
}

/** Gelman et al. (2013), "Bayesian data analysis", eq. 2.12, with prior and noise of variance 1. */
function gaussian({ value, visits }: Known): Belief {
  const mean = (visits * value) / (visits + 1)
  return { mean, deviation: 1 / Math.sqrt(visits + 1), logDensity: (x) => (-(visits + 1) * (x - mean) ** 2) / 2 }
}

/** Returns the beliefs about values in a range, mapped to [0, 1]. */
function betaIn([low, high]: readonly [number, number]): (known: Known) => Belief {
  return ({ value, visits }) => beta({ value: Math.min(1, Math.max(0, (value - low) / (high - low))), visits })
}

/** Russo et al. (2018), "A tutorial on Thompson sampling", section 3. @param known with a value in [0, 1]. */
function beta({ value, visits }: Known): Belief {
  const [successes, failures] = [visits * value, visits * (1 - value)]
  const mean = (successes + 1) / (visits + 2)
  return {
    mean,
    deviation: Math.sqrt((mean * (1 - mean)) / (visits + 3)),
    logDensity: (x) => times(successes, Math.log(x)) + times(failures, Math.log1p(-x)),
  }
}

/** With 0 * Infinity as 0, not NaN. */
function times(count: number, logarithm: number): number {
  return count === 0 ? 0 : count * logarithm
}
