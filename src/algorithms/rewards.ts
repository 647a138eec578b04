/** A formula of agentic-qe that turns the outcome of a task into a reward in [-2, 2]. */
export type RewardFormula = 'multi-factor' | 'inline-v1'

/** The outcome of a task. Omitted measures do not contribute to the reward. */
export interface TaskOutcome {
  readonly success: boolean
  /** Duration in ms, at least 0. */
  readonly executionTimeMs?: number
  /** Number of errors. @default 0 */
  readonly errors?: number
  /** Whether the task timed out. @default false */
  readonly timeout?: boolean
  /** Quality of the result, in [0, 1]. */
  readonly quality?: number
  /** Code coverage, in [0, 1]. */
  readonly coverage?: number
  /** Shares of the available CPU time and memory, each in [0, 1]. */
  readonly resourceUsage?: { readonly cpu: number; readonly memory: number }
  /** Feedback of a user. */
  readonly feedback?: {
    /** Rating, in [0, 1]. */
    readonly rating: number
    /** Number of issues. @default 0 */
    readonly issues?: number
    /** Number of suggestions. @default 0 */
    readonly suggestions?: number
  }
}

/** Weights of the factors of `multi-factor`, each at least 0, with a sum above 0. */
export interface RewardWeights {
  readonly success: number
  readonly time: number
  readonly quality: number
  readonly resources: number
  readonly feedback: number
}

/** The weights of agentic-qe. */
export const REWARD_WEIGHTS: RewardWeights = { success: 1, time: 0.5, quality: 0.7, resources: 0.3, feedback: 0.5 }

const MAX_REWARD = 2

/** The range of the rewards of both formulas. */
export const REWARD_RANGE: readonly [low: number, high: number] = [-MAX_REWARD, MAX_REWARD]

const EXPECTED_MS = 30_000
const EXPECTED_COVERAGE = 0.8

/** Computes the reward of an outcome. @param weights for `multi-factor`; `inline-v1` has none. @returns in [-2, 2]. */
export function rewardOf(formula: RewardFormula, outcome: TaskOutcome, weights?: Partial<RewardWeights>): number {
  return formula === 'multi-factor' ? multiFactorReward(outcome, weights) : inlineReward(outcome)
}

/**
 * The formula `multi-factor` of agentic-qe 1.4.2, where the weights are fixed and sum to 3: the sum of the factors, each in
 * [-1, 1] times its weight, minus 0.2 per error and 0.5 for a timeout; divided by the sum of the weights, times 2.
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
  return clamp(((factors - penalty) / (success + time + quality + resources + feedback)) * 2, MAX_REWARD)
}

/** The formula `inline-v1`: the one in the learning engine of agentic-qe 1.4.2, behind its stored rewards. @returns in [-2, 2]. */
export function inlineReward({ success, executionTimeMs, errors, coverage, feedback }: TaskOutcome): number {
  let reward = success ? 1 : -1
  if (executionTimeMs !== undefined) reward += 0.5 * Math.max(0, 1 - executionTimeMs / EXPECTED_MS)
  reward -= 0.1 * (errors ?? 0)
  if (feedback) reward += (feedback.rating - 0.5) * 2 - 0.2 * (feedback.issues ?? 0)
  if (coverage !== undefined) reward += (coverage - EXPECTED_COVERAGE) * 2
  return clamp(reward, MAX_REWARD)
}

function timeFactor({ executionTimeMs }: TaskOutcome): number {
  return executionTimeMs === undefined ? 0 : Math.max(-1, 1 - executionTimeMs / EXPECTED_MS)
}

/** The greater of quality and coverage counts. */
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

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value))
}
