import { REWARD_WEIGHTS, type RewardFormula, type RewardWeights, rewardOf } from '../algorithms/rewards.ts'
import { checkNumber, checkOptions, invalid } from '../checks.ts'
import { type LearningFeedback, outcomeOf, type TaskResult } from './task-result.ts'

/** The formula of rewards and its weights. */
export interface RewardOptions {
  /** Default: `multi-factor`. */
  readonly formula?: RewardFormula
  /** The weights of `multi-factor`: each at least 0, their sum above 0. Default: those of agentic-qe. */
  readonly weights?: Partial<RewardWeights>
}

const NAMES = Object.keys(REWARD_WEIGHTS) as (keyof RewardWeights)[]

/** Calculates the reward of a result by one of the two formulas of agentic-qe. */
export class RewardCalculator {
  readonly formula: RewardFormula
  readonly weights: RewardWeights

  /** @throws INVALID_ARGUMENT */
  constructor(options: RewardOptions = {}) {
    const { formula = 'multi-factor', weights = {} } = checkOptions(options, 'the options', ['formula', 'weights'])
    if (formula !== 'multi-factor' && formula !== 'inline-v1') {
      throw invalid('the formula', '"multi-factor" or "inline-v1"', formula)
    }
    this.formula = formula
    this.weights = { ...REWARD_WEIGHTS, ...checkOptions(weights, 'the weights', NAMES) }
    for (const name of NAMES) checkNumber(this.weights[name], `the weight of ${name}`, 0, Number.MAX_VALUE)
    const sum = NAMES.reduce((total, name) => total + this.weights[name], 0)
    if (!(sum > 0 && Number.isFinite(sum))) throw invalid('the sum of the weights', 'a number above 0', sum)
  }

  /** The reward of a result, in [-2, 2]. @throws INVALID_ARGUMENT */
  calculate(result: TaskResult, feedback?: LearningFeedback): number {
    return rewardOf(this.formula, outcomeOf(result, feedback), this.weights)
  }
}
