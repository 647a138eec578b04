import { ESTIMATORS, type Estimator } from '../../algorithms/off-policy.ts'
import { checkCount, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { Core } from '../core/core.ts'
import type { LogPart } from './decision-log.ts'

/** Options of `evaluatePolicy`. */
export interface EvaluationOptions {
  /** The estimator. */
  readonly estimator: Estimator
  /** The agent whose experiences are the log. Default: the agent of the policy. */
  readonly agentId?: string
  /** The discount factor, in [0, 1]; only for `wis`. Default: that of the agent of the log. */
  readonly discountFactor?: number
  /** Maximum number of decisions (episodes for `wis`), the newest. Default: all. */
  readonly limit?: number
}

export interface CheckedEvaluation extends Omit<LogPart, 'through'> {
  readonly estimator: Estimator
  readonly discountFactor: number
}

/** @param policyAgentId the agent of the policy, if it is one's. @throws INVALID_ARGUMENT */
export function checkEvaluation(core: Core, options: EvaluationOptions, policyAgentId?: string): CheckedEvaluation {
  const names = ['estimator', 'agentId', 'discountFactor', 'limit'] as const
  const given = checkOptions(options, 'the options of an evaluation', names)
  const { estimator, discountFactor, limit } = given
  if (!ESTIMATORS.includes(estimator)) throw invalid('estimator', `one of ${ESTIMATORS.join(', ')}`, estimator)
  const byEpisode = estimator === 'wis'
  if (!byEpisode && discountFactor !== undefined) {
    throw invalid('discountFactor', 'given for the estimator wis alone', discountFactor)
  }
  const agentId = checkName(given.agentId ?? policyAgentId, 'agentId')
  const learner = core.learners.get(agentId)
  return {
    agentId,
    estimator,
    byEpisode,
    needsProbability: estimator !== 'dm',
    limit: limit === undefined ? undefined : checkCount(limit, 'limit', 1),
    discountFactor: checkNumber(discountFactor ?? learner.discountFactor, 'discountFactor', 0, 1),
  }
}
