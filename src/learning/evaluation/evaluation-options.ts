import { checkCount, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import type { Core } from '../core/core.ts'
import type { LogPart } from './decision-log.ts'

const ESTIMATORS = ['ips', 'snips', 'dm', 'dr', 'wis'] as const

/**
 * `ips`, `snips`, `dm` and `dr` take each experience as one decision and ask what it pays at once (a contextual bandit).
 * `wis` takes episodes and asks what they return from their start: one ends where it terminated or was truncated, and one
 * that still runs counts with what it has returned so far. All but `dm` need the probabilities that were logged with the
 * decisions; `dm` needs a state to be all that the choice depended on. @useDeclaredType
 */
export type Estimator = (typeof ESTIMATORS)[number]

/** How, and from which log, a policy is evaluated. */
export interface EvaluationOptions {
  readonly estimator: Estimator
  /** Whose experiences are the log; the agent of the policy unless given. */
  readonly agentId?: string
  /** In [0, 1], for `wis`: that of the agent of the log unless given. */
  readonly discountFactor?: number
  /** So many of the newest decisions (episodes for `wis`); all unless given. */
  readonly limit?: number
}

export interface CheckedEvaluation extends Omit<LogPart, 'through'> {
  readonly estimator: Estimator
  readonly discountFactor: number
}

/** @param policyAgentId whose policy it is, where it is an agent's. @throws INVALID_ARGUMENT */
export function checkEvaluation(core: Core, options: EvaluationOptions, policyAgentId?: string): CheckedEvaluation {
  const names = ['estimator', 'agentId', 'discountFactor', 'limit'] as const
  const given = checkOptions(options, 'the options of an evaluation', names)
  const { estimator, discountFactor, limit } = given
  if (!ESTIMATORS.includes(estimator)) throw invalid('estimator', `one of ${ESTIMATORS.join(', ')}`, estimator)
  const inEpisodes = estimator === 'wis'
  if (!inEpisodes && discountFactor !== undefined) {
    throw invalid('discountFactor', 'given for the estimator wis alone', discountFactor)
  }
  const agentId = checkName(given.agentId ?? policyAgentId, 'agentId')
  const learner = core.learners.get(agentId)
  return {
    ...{ agentId, estimator, inEpisodes },
    limit: limit === undefined ? undefined : checkCount(limit, 'limit', 1),
    discountFactor: checkNumber(discountFactor ?? learner.discountFactor, 'discountFactor', 0, 1),
  }
}
