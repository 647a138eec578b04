import type { JsonFilter } from '../../algorithms/json-filter.ts'
import { checkFinite, checkName, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExperienceCriteria } from '../../tables/experience-search.ts'
import { toJson } from '../core/experience.ts'
import { checkMetadataFilter } from './metadata-filter.ts'

/** Filters of experiences; all given filters must match. */
export interface ExperienceFilterOptions {
  /** Only experiences of this agent. */
  readonly agentId?: string
  /** Only experiences with this task type. */
  readonly taskType?: string
  /** Minimum reward, inclusive. */
  readonly minReward?: number
  /** Maximum reward, inclusive. */
  readonly maxReward?: number
  /**
   * Text in the JSON of the state or action, or in the id of the task or episode; ASCII letters match in either case.
   */
  readonly text?: string
  /** Only experiences whose metadata satisfies this. */
  readonly metadata?: JsonFilter
  /** Only experiences in exactly this state; requires `action` and an agent. */
  readonly state?: JsonValue
  /** Only experiences with exactly this action; requires `state` and an agent. */
  readonly action?: JsonValue
}

export const FILTER_FIELDS = [
  'agentId',
  'taskType',
  'minReward',
  'maxReward',
  'text',
  'metadata',
  'state',
  'action',
] as const

/** @returns undefined if there is no filter besides `agentId`. @throws INVALID_ARGUMENT */
export function checkFilters(filters: ExperienceFilterOptions): ExperienceCriteria | undefined {
  const criteria = criteriaOf(filters)
  const { agentId: _, ...others } = criteria
  return Object.values(others).every((one) => one === null) ? undefined : criteria
}

/** @throws INVALID_ARGUMENT */
export function criteriaOf(filters: ExperienceFilterOptions): ExperienceCriteria {
  const { agentId, taskType, minReward, maxReward, text, metadata, state, action } = filters
  return {
    agentId: agentId === undefined ? null : checkName(agentId, 'agentId'),
    taskType: taskType === undefined ? null : checkName(taskType, 'taskType'),
    minReward: minReward === undefined ? null : checkFinite(minReward, 'minReward'),
    maxReward: maxReward === undefined ? null : checkFinite(maxReward, 'maxReward'),
    text: text === undefined ? null : checkName(text, 'text').toLowerCase(),
    metadata: metadata === undefined ? null : checkMetadataFilter(metadata),
    pair: pairOf(agentId, state, action),
  }
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
