import { epsilonGreedy, softmax, ucb1 } from './exploration.ts'
import { type Belief, probabilitiesOfBest } from './probability-matching.ts'

/** The policies of agents that learn a table of values. */
export const TABULAR_POLICIES = ['epsilon-greedy', 'softmax', 'ucb1', 'thompson-gaussian', 'thompson-beta'] as const
/** The policies of the algorithm `linear`. */
export const LINEAR_POLICIES = ['squarecb', 'epsilon-greedy', 'thompson'] as const
/** The policies by which an agent can choose an action. */
export const POLICIES: readonly [...typeof TABULAR_POLICIES, 'squarecb', 'thompson'] = [
  ...TABULAR_POLICIES,
  'squarecb',
  'thompson',
]

/** The policies that take a value for the mean of the rewards of its visits. */
export const BANDIT_POLICIES: readonly string[] = [
  'ucb1',
  'thompson-gaussian',
  'thompson-beta',
] satisfies LearnerPolicy[]

/** The policy of an agent that learns a table of values. */
export type TabularPolicy = (typeof TABULAR_POLICIES)[number]
/** The policy of an agent with the algorithm `linear`. */
export type LinearPolicy = (typeof LINEAR_POLICIES)[number]
/** The policy by which an agent chooses actions. @useDeclaredType */
export type LearnerPolicy = (typeof POLICIES)[number]

/** A policy with its settings. Each policy uses only its own settings. */
export interface PolicySettings {
  readonly policy: TabularPolicy
  /** Exploration rate of `epsilon-greedy`, in [0, 1]. */
  readonly epsilon: number
  /** Temperature of `softmax`, above 0, in the unit of the values; null for a share of the scale. */
  readonly temperature: number | null
  /** Width of the bounds of `ucb1` in scales, at least 0. */
  readonly ucbScale: number
  /** Value of an action without experience. */
  readonly initialValue: number
  /** The range of rewards that `thompson-beta` maps to [0, 1]; null if rewards are in it already. */
  readonly rewardRange: readonly [low: number, high: number] | null
  /** The scale of the rewards, above 0; null for half the width of `rewardRange`, or else `learnedScale`. */
  readonly rewardScale: number | null
  /** The scale of the rewards as far as it was learned; null if it was not. */
  readonly learnedScale: number | null
}

/** The temperature of `softmax` in scales of the rewards, if none is given. */
const TEMPERATURE = 0.15

/** The value of an action with the number of its experiences. */
export interface Known {
  readonly value: number
  readonly visits: number
}

/**
 * The probability with which a policy chooses each action. Thompson sampling takes a value for the mean of `visits` rewards:
 * `thompson-gaussian` with noise and a normal prior of the scale of the rewards, `thompson-beta` with rewards in `rewardRange` and a
 * uniform prior; a value outside, which bootstrapping can reach, counts as the nearest end.
 * @param known shape [A], A >= 1. @returns shape [A], sum 1.
 */
export function probabilitiesOf(known: readonly Known[], settings: PolicySettings): number[] {
  const values = known.map(({ value }) => value)
  const visits = known.map((one) => one.visits)
  const scale = (): number => scaleOf(known, settings)
  switch (settings.policy) {
    case 'epsilon-greedy':
      return epsilonGreedy(values, settings.epsilon)
    case 'softmax':
      return softmax(values, settings.temperature ?? (scale() * TEMPERATURE || Number.MIN_VALUE))
    case 'ucb1':
      return epsilonGreedy(ucb1(values, visits, settings.ucbScale * scale()), 0)
    case 'thompson-gaussian':
      return gaussianMatching(known, scale(), settings)
    case 'thompson-beta':
      return probabilitiesOfBest(known.map(betaIn(settings.rewardRange ?? [0, 1])), 0, 1)
  }
}

/**
 * The scale of the rewards. Before anything was learned about it, the standard deviation of the values of tried actions;
 * 0 if they are all alike.
 */
function scaleOf(known: readonly Known[], { rewardScale, rewardRange, learnedScale }: PolicySettings): number {
  const given = rewardScale ?? (rewardRange ? (rewardRange[1] - rewardRange[0]) / 2 : learnedScale)
  if (given !== null) return given
  const values = triedOf(known)
  if (values.every((value) => value === values[0])) return 0
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)))
}

/**
 * Gelman et al. (2013), "Bayesian data analysis", eq. 2.12, with prior and noise of one scale. The prior has the initial value
 * as its mean if the scale is given; else the mean of the tried actions, so that nothing depends on the zero of the rewards.
 * With scale 0 no reward has differed yet, so all actions are equally likely.
 */
function gaussianMatching(
  known: readonly Known[],
  scale: number,
  { rewardScale, initialValue }: PolicySettings,
): number[] {
  if (scale === 0) return known.map(() => 1 / known.length)
  const tried = triedOf(known)
  const prior = rewardScale !== null || tried.length === 0 ? initialValue : meanOf(tried)
  return probabilitiesOfBest(
    known.map(({ value, visits }) => {
      const mean = (prior + visits * value) / (visits + 1)
      const logDensity = (x: number): number => (-(visits + 1) * ((x - mean) / scale) ** 2) / 2
      return { mean, deviation: scale / Math.sqrt(visits + 1), logDensity }
    }),
  )
}

function triedOf(known: readonly Known[]): number[] {
  return known.filter(({ visits }) => visits > 0).map(({ value }) => value)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

/** Returns the beliefs about values in a range, mapped to [0, 1]. */
export function betaIn([low, high]: readonly [number, number]): (known: Known) => Belief {
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
