import type { JsonObject, JsonValue } from './json-value.ts'

/**
 * How a field of an experience is stored. `name`: a text that is not empty; `json`: plain data; `list`: a JSON list; `number`: a
 * finite number; `share`: a number in (0, 1]; `flag`: true or false; `time`: a time; `object`: a JSON object. With a question mark it
 * may be null.
 */
export type ExperienceFieldKind =
  | 'name'
  | 'name?'
  | 'json'
  | 'list?'
  | 'number'
  | 'share?'
  | 'flag'
  | 'time'
  | 'object?'

/**
 * The fields of an experience with their columns in `learning_experiences`: the one source for tables, merging, CSV, JSON Lines
 * and the inspector. A new column is added here and in a migration. `episode`: whether JSON Lines has it once per episode.
 */
export const EXPERIENCE_FIELDS = {
  agentId: { column: 'agent_id', kind: 'name', label: 'Agent', episode: true },
  experienceId: { column: 'experience_id', kind: 'name', label: 'Id', episode: false },
  taskId: { column: 'task_id', kind: 'name?', label: 'Task id', episode: true },
  taskType: { column: 'task_type', kind: 'name', label: 'Task type', episode: true },
  state: { column: 'state', kind: 'json', label: 'State', episode: false },
  action: { column: 'action', kind: 'json', label: 'Action', episode: false },
  reward: { column: 'reward', kind: 'number', label: 'Reward', episode: false },
  nextState: { column: 'next_state', kind: 'json', label: 'Next state', episode: false },
  terminated: { column: 'terminated', kind: 'flag', label: 'Terminated', episode: false },
  truncated: { column: 'truncated', kind: 'flag', label: 'Truncated', episode: false },
  episodeId: { column: 'episode_id', kind: 'name?', label: 'Episode', episode: true },
  timestamp: { column: 'timestamp', kind: 'time', label: 'Time', episode: false },
  behaviorProbability: { column: 'behavior_probability', kind: 'share?', label: 'Probability', episode: false },
  actions: { column: 'available_actions', kind: 'list?', label: 'Actions', episode: false },
  nextActions: { column: 'next_actions', kind: 'list?', label: 'Next actions', episode: false },
  metadata: { column: 'metadata', kind: 'object?', label: 'Metadata', episode: false },
} as const

type Fields = typeof EXPERIENCE_FIELDS

/** A field by its name in a row. In the API and in files `experienceId` is `id`. */
export type ExperienceField = keyof Fields

type Column<K extends ExperienceFieldKind> = K extends 'number'
  ? number
  : K extends 'share?'
    ? number | null
    : K extends 'flag'
      ? boolean
      : K extends 'name?' | 'list?' | 'object?'
        ? string | null
        : string

/** A row of `learning_experiences`. Plain data is JSON with sorted names; the time is as the column has it. */
export type ExperienceRow = { readonly [F in ExperienceField]: Column<Fields[F]['kind']> }

type Value<K extends ExperienceFieldKind> = K extends 'json'
  ? JsonValue
  : K extends 'list?'
    ? readonly JsonValue[] | null
    : K extends 'object?'
      ? JsonObject | null
      : K extends 'time'
        ? string | null
        : Column<K>

type DataField<F extends ExperienceField> = F extends 'experienceId' ? 'id' : F

type NullableField = { [F in ExperienceField]: Fields[F]['kind'] extends `${string}?` ? F : never }[ExperienceField]

/**
 * An experience as files hold it: plain data as data, `id` for `experienceId`; null for an unknown time. A field that may be null may
 * be missing, too.
 */
export type ExperienceData = {
  readonly [F in Exclude<ExperienceField, NullableField> as DataField<F>]: Value<Fields[F]['kind']>
} & { readonly [F in NullableField as DataField<F>]?: Value<Fields[F]['kind']> }

/** The fields in the order of their columns in files. */
export const EXPERIENCE_FIELD_LIST: readonly (readonly [
  field: ExperienceField,
  { readonly column: string; readonly kind: ExperienceFieldKind; readonly label: string; readonly episode: boolean },
])[] = Object.entries(EXPERIENCE_FIELDS) as [ExperienceField, Fields[ExperienceField]][]

/** The name of a field in the API and in files. */
export function dataFieldOf(field: ExperienceField): keyof ExperienceData {
  return field === 'experienceId' ? 'id' : field
}
