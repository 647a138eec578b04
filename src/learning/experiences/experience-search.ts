import { checkJsonFilter } from '../../algorithms/json-filter.ts'
import { checkFinite, checkName, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type ExperienceCriteria, ExperienceSearchTable } from '../../tables/experience-search.ts'
import type { ExperienceRow } from '../../tables/experiences.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'
import type { ExperienceFilterOptions } from './experience-filters.ts'

/** The experiences that match the filters, newest first. @throws INVALID_ARGUMENT */
export function searchExperiences(
  core: Core,
  filters: ExperienceFilterOptions,
  limit: number,
  offset: number,
): ExperienceRow[] {
  return new ExperienceSearchTable(core.connection).list(criteriaOf(filters), limit, offset)
}

/** @throws INVALID_ARGUMENT */
export function countExperiences(core: Core, filters: ExperienceFilterOptions): number {
  return new ExperienceSearchTable(core.connection).count(criteriaOf(filters))
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
    metadata: metadata === undefined ? null : checkJsonFilter(metadata, 'metadata'),
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
