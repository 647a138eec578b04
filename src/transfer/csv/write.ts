import { dataFieldOf, EXPERIENCE_FIELD_LIST } from '../../experience-fields.ts'
import type { JsonValue } from '../../json-value.ts'
import { toJson } from '../../learning/core/experience.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import type { StateActionValue } from '../../learning/values.ts'
import { PATTERN_COLUMNS } from '../pattern-columns.ts'
import { markedName } from './cells.ts'
import { csvRow } from './csv.ts'

/** The columns of experiences in CSV, named as those of `learning_experiences`. */
export const EXPERIENCE_COLUMNS: readonly string[] = EXPERIENCE_FIELD_LIST.map(([, { column }]) => column)

/** Writes experiences as CSV with a header row. States and actions are JSON; null is an empty cell. */
export function* writeExperiencesCsv(experiences: Iterable<RecordedExperience>): Generator<string, void, undefined> {
  yield csvRow(EXPERIENCE_COLUMNS)
  for (const one of experiences) {
    yield csvRow(
      EXPERIENCE_FIELD_LIST.map(([field, { kind }]) => {
        const value: JsonValue = one[dataFieldOf(field)]
        if (typeof value === 'string' && kind.startsWith('name')) return markedName(value)
        return kind === 'json' || (value !== null && (kind === 'list?' || kind === 'object?'))
          ? toJson(value)
          : (value as string | number | null)
      }),
    )
  }
}

/** The columns of values in CSV, named as those of `q_values`. */
export const VALUE_COLUMNS: readonly string[] = [
  'agent_id',
  'state_key',
  'action_key',
  'q_value',
  'visits',
  'last_updated',
]

/** The columns of patterns in CSV, named as those of `patterns`. */
export const PATTERN_CSV_COLUMNS: readonly string[] = ['id', ...PATTERN_COLUMNS]

/** A value with the id of its agent. */
export interface ValueOfAgent extends Pick<StateActionValue, 'stateKey' | 'actionKey' | 'value' | 'visits'> {
  readonly agentId: string
  /** ISO 8601 in UTC. */
  readonly lastUpdated: string
}

/** Writes values as CSV with a header row. */
export function* writeValuesCsv(values: Iterable<ValueOfAgent>): Generator<string, void, undefined> {
  yield csvRow(VALUE_COLUMNS)
  for (const { agentId, stateKey, actionKey, value, visits, lastUpdated } of values) {
    yield csvRow([agentId, stateKey, actionKey, value, visits, lastUpdated])
  }
}

/** Writes patterns as CSV with a header row. */
export function* writePatternsCsv(patterns: Iterable<Pattern>): Generator<string, void, undefined> {
  yield csvRow(PATTERN_CSV_COLUMNS)
  for (const one of patterns) {
    yield csvRow([
      one.id,
      one.agentId,
      one.patternType,
      toJson(one.patternData),
      one.confidence,
      one.successRate,
      one.usageCount,
      one.successCount,
      one.lastUsed,
    ])
  }
}
