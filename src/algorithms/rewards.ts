/** How good it is that a task came out as it did: the two formulas of agentic-qe, each in [-2, 2]. */

export type RewardFormula = 'multi-factor' | 'inline-v1'

/** How a task came out. What is left out was not measured and says nothing. */
export interface TaskOutcome {
  readonly success: boolean
  readonly executionTimeMs?: number
  /** Number of errors. */
  readonly errors?: number
  readonly timeout?: boolean
  /** In [0, 1]. */
  readonly quality?: number
  /** In [0, 1]. */
  readonly coverage?: number
  /** Each in [0, 1]. */
  readonly resourceUsage?: { readonly cpu: number; readonly memory: number }
  readonly feedback?: {
    /** In [0, 1]. */
    readonly rating: number
    /** Number of issues. */
    readonly issues?: number
    /** Number of suggestions. */
    readonly suggestions?: number
  }
}

/** How much each part of a reward counts. */
export interface RewardWeights {
  readonly success: number
  readonly time: number
  readonly quality: number
  readonly resources: number
  readonly feedback: number
}

export const REWARD_WEIGHTS: RewardWeights = { success: 1, time: 0.5, quality: 0.7, resources: 0.3, feedback: 0.5 }

/** What a task is expected to take. */
const EXPECTED_MS = 30_000
const EXPECTED_COVERAGE = 0.8

/** The reward of an outcome by the named formula. @param weights of `multi-factor`; `inline-v1` has none. */
export function rewardOf(formula: RewardFormula, outcome: TaskOutcome, weights?: Partial<RewardWeights>): number {
  return formula === 'multi-factor' ? multiFactorReward(outcome, weights) : inlineReward(outcome)
}

/**
 * `multi-factor`: each factor in [-1, 1] times its weight, less penalties of 0.2 for each error and 0.5 for a timeout, over the
 * sum of the weights and times 2. agentic-qe 1.4.2, where the weights are fixed and sum to 3.
 * @param weights at least 0, their sum above 0. @returns in [-2, 2].
 */
export function multiFactorReward(outcome: TaskOutcome, weights: Partial<RewardWeights> = {}): number {
  const { success, time, quality, resources, feedback } = { ...REWARD_WEIGHTS, ...weights }
  const factors =
    success * (outcome.success ? 1 : -1) +
    time * timeFactor(outcome) +
    quality * qualityFactor(outcome) +
    resources * resourceFactor(outcome) +
    feedback * feedbackFactor(outcome)
  const penalty = 0.2 * (outcome.errors ?? 0) + (outcome.timeout ? 0.5 : 0)
  return clamp(((factors - penalty) / (success + time + quality + resources + feedback)) * 2, 2)
}

/** `inline-v1`: the formula inside the learning engine of agentic-qe 1.4.2, which its stored rewards were made with. @returns in [-2, 2]. */
export function inlineReward({ success, executionTimeMs, errors, coverage, feedback }: TaskOutcome): number {
  let reward = success ? 1 : -1
  if (executionTimeMs !== undefined) reward += 0.5 * Math.max(0, 1 - executionTimeMs / EXPECTED_MS)
  reward -= 0.1 * (errors ?? 0)
  if (feedback) reward += (feedback.rating - 0.5) * 2 - 0.2 * (feedback.issues ?? 0)
  if (coverage !== undefined) reward += (coverage - EXPECTED_COVERAGE) * 2
  return clamp(reward, 2)
}

function timeFactor({ executionTimeMs }: TaskOutcome): number {
  return executionTimeMs === undefined ? 0 : Math.max(-1, 1 - executionTimeMs / EXPECTED_MS)
}

/** The better of the two counts. */
function qualityFactor({ quality = 0, coverage }: TaskOutcome): number {
  return clamp(coverage === undefined ? quality : Math.max(quality, (coverage - EXPECTED_COVERAGE) * 2), 1)
}

function resourceFactor({ resourceUsage: used }: TaskOutcome): number {
  return used ? (1 - used.cpu + (1 - used.memory)) / 2 : 0
}

function feedbackFactor({ feedback }: TaskOutcome): number {
  if (!feedback) return 0
  return clamp((feedback.rating - 0.5) * 2 - 0.1 * (feedback.issues ?? 0) - 0.05 * (feedback.suggestions ?? 0), 1)
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value))
}
