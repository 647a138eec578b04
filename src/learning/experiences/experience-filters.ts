import type { JsonFilter } from '../../algorithms/json-filter.ts'
import type { JsonValue } from '../../json-value.ts'

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

/** Whether there is a filter besides `agentId`: then the code that searches is needed. */
export function isFiltered(filters: ExperienceFilterOptions): boolean {
  return FILTER_FIELDS.some((name) => name !== 'agentId' && filters[name] !== undefined)
}
