import { isLinear, LINEAR_ALGORITHMS, type TabularAlgorithm } from '../../algorithms/algorithms.ts'
import { LINEAR_POLICIES, TABULAR_POLICIES } from '../../algorithms/policies.ts'
import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import type { LearnerRow } from '../../tables/learners.ts'
import { DEFAULTS, defaultPolicy } from './learner-configuration.ts'

/** Checks that the fields of a configuration go together. @throws INVALID_ARGUMENT */
export function checkCombination(learner: Omit<LearnerRow, 'randomState'>): void {
  checkPolicy(learner)
  checkFeatures(learner)
  checkDefaultReward(learner)
  if (learner.planningSteps > 0) tabular(learner)
  if (learner.nStep > 1 || learner.traceDecay > 0) checkMultiStep(learner)
}

/** The algorithm of an agent that learns a table of values. @throws a StoreError with the code if it learns a linear model. */
export function tabular(
  { agentId, algorithm }: Pick<LearnerRow, 'agentId' | 'algorithm'>,
  code: 'INVALID_ARGUMENT' | 'UNSUPPORTED' = 'INVALID_ARGUMENT',
): TabularAlgorithm {
  if (!isLinear(algorithm)) return algorithm
  const expected = 'Expected an agent that learns a table of values for this'
  throw new StoreError(code, `${expected}, got "${agentId}" with ${algorithm}`)
}

/** What the new algorithm lacks is replaced by its own policy, and by the defaults of features. */
export function changesOf(
  stored: LearnerConfiguration,
  changes: Partial<LearnerConfiguration>,
): Partial<LearnerConfiguration> {
  const { algorithm = stored.algorithm } = changes
  const hasNewPolicies = (algorithm === 'linear') !== (stored.algorithm === 'linear')
  return {
    ...(hasNewPolicies && { policy: defaultPolicy(algorithm) }),
    ...(!isLinear(algorithm) && { features: DEFAULTS.features }),
    ...(algorithm !== 'linear' && { actionFeatures: DEFAULTS.actionFeatures }),
    ...changes,
  }
}

/** @throws INVALID_ARGUMENT for features that the algorithm does not use. */
function checkFeatures({ algorithm, features, actionFeatures }: LearnerConfiguration): void {
  if (Object.keys(features).length > 0 && !isLinear(algorithm)) {
    const expected = `Expected features only for ${LINEAR_ALGORITHMS.join(', ')}`
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got an agent with ${algorithm}`)
  }
  if (actionFeatures && algorithm !== 'linear') {
    const expected = 'Expected actionFeatures only for linear'
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got an agent with ${algorithm}`)
  }
}

/** @throws INVALID_ARGUMENT for a default reward that the agent would refuse. */
function checkDefaultReward({ defaultReward, rewardRange, policy, algorithm }: LearnerConfiguration): void {
  const isBeta = policy === 'thompson-beta' && !isLinear(algorithm)
  const [low, high] = rewardRange ?? (isBeta ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
  if (defaultReward === null || (defaultReward >= low && defaultReward <= high)) return
  throw invalid(
    'defaultReward',
    `from ${low} to ${high}, the range of the agent's rewards (rewardRange)`,
    defaultReward,
  )
}

/** @throws INVALID_ARGUMENT for a policy that the algorithm lacks. */
function checkPolicy({ algorithm, policy }: LearnerConfiguration): void {
  const policies: readonly string[] = algorithm === 'linear' ? LINEAR_POLICIES : TABULAR_POLICIES
  if (policies.includes(policy)) return
  const expected = `Expected the policy of ${algorithm} to be one of ${policies.join(', ')}`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got ${policy}`)
}

/** @throws INVALID_ARGUMENT for an algorithm without n-step targets and traces, and for both at once. */
function checkMultiStep(learner: Omit<LearnerRow, 'randomState'>): void {
  const { nStep, traceDecay } = learner
  const got = `got nStep ${nStep} and traceDecay ${traceDecay}`
  if (tabular(learner) === 'double-q-learning') {
    const expected =
      'Expected nStep 1 and traceDecay 0 for double-q-learning, whose tables evaluate each other step by step'
    throw new StoreError('INVALID_ARGUMENT', `${expected}, ${got}`)
  }
  if (nStep > 1 && traceDecay > 0) {
    const expected =
      'Expected nStep 1 or traceDecay 0, because n-step returns and eligibility traces cannot be combined'
    throw new StoreError('INVALID_ARGUMENT', `${expected}, ${got}`)
  }
}
