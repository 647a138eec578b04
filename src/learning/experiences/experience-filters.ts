import { checkFinite, checkName, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExperienceCriteria } from '../../tables/experience-search.ts'
import { toJson } from '../core/experience.ts'

/** Which experiences are asked for; what is left out is not asked. */
export interface ExperienceFilterOptions {
  readonly agentId?: string
  readonly taskType?: string
  /** The reward is at least this, and at most that. */
  readonly minReward?: number
  readonly maxReward?: number
  /** Found in the state or the action as JSON, or in the id of the task or the episode; large and small ASCII letters are the same. */
  readonly text?: string
  /** Exactly this action in this state: both, and with an agent. */
  readonly state?: JsonValue
  readonly action?: JsonValue
}

export const FILTER_FIELDS: readonly (keyof ExperienceFilterOptions)[] = [
  ...(['agentId', 'taskType', 'minReward', 'maxReward', 'text', 'state', 'action'] as const),
]

/** Undefined where nothing or the agent alone is asked for. @throws INVALID_ARGUMENT */
export function checkFilters(filters: ExperienceFilterOptions): ExperienceCriteria | undefined {
  const { agentId, taskType, minReward, maxReward, text, state, action } = filters
  const asked = {
    agentId: agentId === undefined ? null : checkName(agentId, 'agentId'),
    taskType: taskType === undefined ? null : checkName(taskType, 'taskType'),
    minReward: minReward === undefined ? null : checkFinite(minReward, 'minReward'),
    maxReward: maxReward === undefined ? null : checkFinite(maxReward, 'maxReward'),
    text: text === undefined ? null : checkName(text, 'text').toLowerCase(),
    pair: pairOf(agentId, state, action),
  }
  const { agentId: _, ...others } = asked
  return Object.values(others).every((one) => one === null) ? undefined : asked
}

function pairOf(
  agentId: string | undefined,
  state: JsonValue | undefined,
  action: JsonValue | undefined,
): ExperienceCriteria['pair'] {
  if (state === undefined && action === undefined) return null
  if (agentId === undefined || state === undefined || action === undefined) {
    throw invalid('a state or an action', 'to come with the other and an agentId', { agentId, state, action })
  }
  return { state: toJson(state), action: toJson(action) }
}
