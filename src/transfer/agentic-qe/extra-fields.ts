import type { JsonValue } from '../../json-value.ts'
import type { ImportedExperience } from '../../learning/maintenance/import-batch.ts'
import { name, parsedObject } from './column-types.ts'
import { plainData } from './plain.ts'

/**
 * What the tables of agentic-qe have no column for travels in its `memory_store`, under this namespace: for each experience
 * its id and what else it says, for each learner how it learns.
 */
export const SIDE_NOTES = 'learning-store'

/** What the columns of an experience do not hold. */
export type ExperienceNote = Pick<
  ImportedExperience,
  'id' | 'terminated' | 'truncated' | 'behaviorProbability' | 'actions'
>

export function experienceKey(row: number): string {
  return `experience/${row}`
}

export function learnerKey(agentId: string): string {
  return `learner/${agentId}`
}

/** The learner that a key is about. */
export function learnerOf(key: string): string | undefined {
  return /^learner\/(.+)$/s.exec(key)?.[1]
}

/** What a text says of an experience; undefined where it is not about one. */
export function experienceNote(text: string): ExperienceNote | undefined {
  // Version 0.1.0 wrote another name.
  const {
    id,
    terminated,
    truncated,
    behaviorProbability,
    availableActions,
    actions = availableActions,
  } = parsedObject(text)
  if (typeof id !== 'string' || name.take(id) === undefined) return undefined
  return {
    id,
    terminated: terminated === true,
    truncated: truncated === true,
    behaviorProbability: isWithin(behaviorProbability, 0, 1) && behaviorProbability > 0 ? behaviorProbability : null,
    actions: Array.isArray(actions) ? ((plainData(actions) as JsonValue[] | undefined) ?? null) : null,
  }
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}
