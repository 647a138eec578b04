import { isLinear } from '../../algorithms/algorithms.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import { withoutRewards } from '../../algorithms/statistics.ts'
import { checkOptions, invalid } from '../../checks.ts'
import { type ExperienceCriteria, ExperienceSearchTable } from '../../tables/experience-search.ts'
import {
  mergeRewards,
  NO_REWARDS,
  type OfferedActions,
  offerKey,
  type RewardSums,
  type TransitionText,
  transitionKey,
  withReward,
} from '../../tables/learning-sums.ts'
import { LinearModelsTable } from '../../tables/linear-models.ts'
import { PrunableRows } from '../../tables/pruning.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { hasMeanValues } from '../core/learners.ts'
import { type ExperienceFilterOptions, FILTER_FIELDS } from './experience-filters.ts'
import { criteriaOf } from './experience-search.ts'

/** @throws INVALID_ARGUMENT, also without any filter */
export function checkDeletion(filters: ExperienceFilterOptions = {}): ExperienceCriteria {
  const given = checkOptions(filters, 'the filters', FILTER_FIELDS)
  const criteria = criteriaOf(given)
  if (Object.values(criteria).every((one) => one === null)) throw invalid('filters', 'at least one filter', filters)
  return criteria
}

/** Deletes experiences and subtracts them. Call it inside a transaction. @returns their number. */
export function deleteExperiences(core: Core, criteria: ExperienceCriteria): number {
  core.writePending()
  const rows = new PrunableRows(core.connection)
  const ids = new ExperienceSearchTable(core.connection).rowIds(criteria)
  const deleted = new Map<string, { readonly transition: TransitionText; rewards: RewardSums }>()
  const offers = new Map<string, OfferedActions>()
  for (const id of ids) {
    const row = rows.experience(id)
    if (!row) continue
    const { agentId, state, action, nextState, nextActions, terminated, reward } = row
    const transition = { agentId, state, action, nextState, terminated }
    const key = transitionKey(transition)
    deleted.set(key, { transition, rewards: withReward(deleted.get(key)?.rewards ?? NO_REWARDS, reward) })
    if (nextActions !== null) {
      const offer = { agentId, state: nextState, actions: nextActions }
      offers.set(offerKey(offer), offer)
    }
    rows.removeExperience(id)
  }
  for (const { transition, rewards } of deleted.values()) subtract(core, transition, rewards)
  for (const offer of offers.values()) core.sums.table.withdraw(offer)
  core.sums.forget()
  core.models.forget()
  const transitions = [...deleted.values()].map(({ transition }) => transition)
  for (const agentId of new Set(transitions.map((one) => one.agentId))) {
    updateValues(
      core,
      agentId,
      transitions.filter((one) => one.agentId === agentId),
    )
  }
  return ids.length
}

/** When it is next used, from what is left; not if only the model knows of experiences that were pruned. */
function learnModelAgain(core: Core, agentId: string): void {
  if (!core.canDeriveModel(agentId)) return
  new LinearModelsTable(core.connection).remove(agentId)
  core.linearIfUsed()?.drop(agentId)
}

/** From the rewards that are left, or from the sums alone, if some of their experiences were pruned. */
function subtract(core: Core, transition: TransitionText, deleted: RewardSums): void {
  const { table } = core.sums
  const before = table.get(transition)
  if (!before) return
  const count = before.count - deleted.count
  const left = table.storedRewards(transition).reduce(withReward, NO_REWARDS)
  if (count <= 0 && left.count === 0) table.remove(before.id)
  else table.update(before.id, left.count >= count ? left : withoutRewards(before, deleted))
}

/** @param transitions those of the agent that lost experiences. */
function updateValues(core: Core, agentId: string, transitions: readonly TransitionText[]): void {
  const learner = core.learners.find(agentId)
  if (!learner) return
  const stored = core.experiences.count(agentId) + core.learners.removedCount(agentId)
  if (learner.experienceCount > stored) {
    learner.experienceCount = stored
    core.learners.changed(learner)
  }
  if (isLinear(learner.algorithm)) {
    learnModelAgain(core, agentId)
    return
  }
  const isMean = hasMeanValues(learner, core.sums.table.ofAgent(agentId))
  const keyOfJson = memoizedKeyOfJson()
  const lastUpdated = sqlTime(core.now())
  for (const { state, action } of transitions) {
    const [stateKey, actionKey] = [keyOfJson(state), keyOfJson(action)]
    const value = core.valueCache.get(agentId, stateKey, actionKey)
    const left = core.sums.table.ofAction(agentId, state, action).reduce(mergeRewards, NO_REWARDS)
    if (left.count === 0) core.valueCache.remove(agentId, stateKey, actionKey)
    else if (isMean && value) {
      core.valueCache.set(agentId, stateKey, { actionKey, value: left.mean, visits: left.count, lastUpdated })
    }
  }
}
