import type { JsonObject, JsonValue } from '../../json-value.ts'
import type { ImportedExperience } from '../../learning/maintenance/import-batch.ts'
import { name, parsedObject } from '../foreign/column-types.ts'
import { plainData } from '../foreign/plain.ts'

/**
 * The namespace in the `memory_store` of an export for data without a column in agentic-qe: the remaining fields of each
 * experience, and the configuration of each learner.
 */
export const SIDE_NOTES = 'learning-store'

/** The fields of an experience without a column in agentic-qe. */
export type ExperienceNote = Pick<
  ImportedExperience,
  'id' | 'terminated' | 'truncated' | 'behaviorProbability' | 'actions' | 'nextActions' | 'metadata'
>

/** The key of the note on an experience. @param row its row id. */
export function experienceKey(row: number): string {
  return `experience/${row}`
}

/** The key of the note on a learner. */
export function learnerKey(agentId: string): string {
  return `learner/${agentId}`
}

/** The agent id in the key of a note on a learner; undefined for other keys. */
export function learnerOf(key: string): string | undefined {
  return /^learner\/(.+)$/s.exec(key)?.[1]
}

/** Parses the note on an experience; returns undefined for other texts. */
export function experienceNote(text: string): ExperienceNote | undefined {
  // Version 0.1.0 wrote `availableActions`.
  const {
    id,
    terminated,
    truncated,
    behaviorProbability,
    availableActions,
    actions = availableActions,
    nextActions,
    metadata,
  } = parsedObject(text)
  if (typeof id !== 'string' || name.parse(id) === undefined) return undefined
  return {
    id,
    terminated: terminated === true,
    truncated: truncated === true,
    behaviorProbability: isWithin(behaviorProbability, 0, 1) && behaviorProbability > 0 ? behaviorProbability : null,
    actions: listOf(actions),
    nextActions: listOf(nextActions),
    metadata: objectOf(metadata),
  }
}

function listOf(value: unknown): JsonValue[] | null {
  return Array.isArray(value) ? ((plainData(value) as JsonValue[] | undefined) ?? null) : null
}

function objectOf(value: unknown): JsonObject | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return (plainData(value) as JsonObject | undefined) ?? null
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max
}
