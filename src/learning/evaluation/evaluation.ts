import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { doublyRobust, type Estimator, ips, type PolicyEstimate, snips, wis } from '../../algorithms/off-policy.ts'
import { crossFitted, fitted, type TargetedDecision, type TargetSituation } from '../../algorithms/reward-model.ts'
import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { DecisionCountsTable } from '../../tables/decision-counts.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { decisionLog } from './decision-log.ts'
import { type CheckedEvaluation, checkEvaluation, type EvaluationOptions } from './evaluation-options.ts'
import type { Decision, Situation, Situations } from './situations.ts'
import { type AnsweredPolicy, distributionsOf, situationKey, type TargetPolicy } from './target-policy.ts'

/** The estimated reward of a policy: per decision, or per episode for `wis`. */
export interface PolicyEvaluation extends PolicyEstimate {
  /** The estimator. */
  readonly estimator: Estimator
  /** Number of logged experiences that the estimate is based on. */
  readonly decisions: number
  /** Number of episodes; null for estimators that do not use episodes. */
  readonly episodes: number | null
  /**
   * The share of the policy's choices that were tried in the same state, in [0, 1]. Below 1, `ips` counts the others as
   * 0, `snips` and `wis` as equal to the tried ones, and `dm` and `dr` as equal to the mean of the state.
   */
  readonly coverage: number
  /**
   * Number of experiences that were left out, because they have no `behaviorProbability`: only of an agent that has rewarded decisions,
   * which have it. Others are refused.
   */
  readonly withoutProbability: number
  /** Number of the agent's decisions without a reward, open or expired, which the estimate does not contain. */
  readonly withoutReward: number
}

/** The situations of a log, for a policy that is a function and cannot be sent to the store's thread. */
export interface LoggedSituations {
  readonly situations: readonly {
    /** The key of the situation. */
    readonly situation: string
    readonly state: JsonValue
    readonly actions: readonly JsonValue[]
  }[]
  /** The id of the last row of the log. */
  readonly through: number
}

/** @throws INVALID_ARGUMENT */
export function evaluatePolicy(
  core: Core,
  policy: TargetPolicy | AnsweredPolicy,
  options: EvaluationOptions,
): PolicyEvaluation {
  const distributionOf = distributionsOf(core, policy)
  const checked = checkEvaluation(core, options, 'agentId' in policy ? policy.agentId : undefined)
  const log = decisionLog(core, { ...checked, through: 'through' in policy ? policy.through : undefined })
  checkLog(log.decisions, checked)

  const targets = new Map<Situation, TargetSituation>()
  const targetOf = (situation: Situation): TargetSituation => {
    const target = { stateKey: situation.stateKey, distribution: distributionOf(situation) }
    targets.set(situation, target)
    return target
  }
  const targeted = (decision: Decision): TargetedDecision => {
    const { actionKey, reward, behaviorProbability } = decision
    const logged = log.situations.of(decision)
    const situation = targets.get(logged) ?? targetOf(logged)
    const targetProbability = situation.distribution.get(actionKey) ?? 0
    return { situation, actionKey, reward, behaviorProbability, targetProbability }
  }
  const episodes = log.episodes?.map((episode) => episode.map(targeted))
  const decisions = episodes?.flat() ?? log.decisions.map(targeted)
  const estimate = estimateOf(checked, decisions, episodes)
  checkEstimate(estimate, checked.estimator)
  return {
    ...estimate,
    estimator: checked.estimator,
    decisions: decisions.length,
    episodes: episodes?.length ?? null,
    coverage: coverageOf(decisions, log.situations),
    withoutProbability: log.withoutProbability,
    withoutReward: withoutReward(core, checked.agentId),
  }
}

/** @throws INVALID_ARGUMENT */
export function loggedSituations(core: Core, options: EvaluationOptions): LoggedSituations {
  const log = decisionLog(core, { ...checkEvaluation(core, options), through: undefined })
  const byKey = new Map<string, Situation>()
  for (const situation of new Set(log.decisions.map((decision) => log.situations.of(decision)))) {
    byKey.set(situationKey(situation), situation)
  }
  const situations = Array.from(byKey, ([situation, { stateKey, actionKeys }]) => ({
    situation,
    state: parseKey(stateKey),
    actions: actionKeys.map(parseKey),
  }))
  return { situations, through: log.through }
}

function withoutReward(core: Core, agentId: string): number {
  const hasDefault = core.learners.get(agentId).defaultReward !== null
  const { open, expired } = new DecisionCountsTable(core.connection).counts(agentId, sqlTime(core.now()), hasDefault)
  return open + expired
}

function estimateOf(
  { estimator, discountFactor }: CheckedEvaluation,
  decisions: readonly TargetedDecision[],
  episodes: readonly (readonly TargetedDecision[])[] = [],
): PolicyEstimate {
  switch (estimator) {
    case 'ips':
      return ips(decisions)
    case 'snips':
      return snips(decisions)
    case 'dm':
      return doublyRobust(fitted(decisions))
    case 'dr':
      return doublyRobust(crossFitted(decisions))
    case 'wis':
      return wis(episodes, discountFactor)
  }
}

function checkLog(decisions: readonly Decision[], { agentId, estimator }: CheckedEvaluation): void {
  const count = decisions.length
  if (count === 0) {
    throw new StoreError('INVALID_ARGUMENT', `Expected logged experiences of agent "${agentId}", got none`)
  }
  const missing = decisions.filter(({ behaviorProbability }) => behaviorProbability === undefined).length
  if (missing === 0 || estimator === 'dm') return
  const expected =
    'Expected a behaviorProbability with every logged decision (agent.decide records it; only the estimator dm needs none)'
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got none with ${missing} of ${count}`)
}

function checkEstimate({ value, effectiveSampleSize }: PolicyEstimate, estimator: Estimator): void {
  // Without any overlap with the log, the estimate and its interval would be meaningless zeros.
  if (estimator !== 'dm' && effectiveSampleSize === 0) {
    throw invalid('the policy', 'one that chooses something that was logged', 'no such decision')
  }
  if (!Number.isFinite(value)) throw invalid('rewards and weights', 'small enough to keep the value finite', value)
}

function coverageOf(decisions: readonly TargetedDecision[], situations: Situations): number {
  const untried = new Map<TargetSituation, number>()
  let sum = 0
  for (const { situation } of decisions) {
    let share = untried.get(situation)
    if (share === undefined) {
      share = untriedOf(situation, situations.triedIn(situation.stateKey))
      untried.set(situation, share)
    }
    sum += share
  }
  return 1 - sum / decisions.length
}

function untriedOf({ distribution }: TargetSituation, tried: ReadonlySet<string>): number {
  let sum = 0
  for (const [actionKey, probability] of distribution) if (!tried.has(actionKey)) sum += probability
  return sum
}
