import type { JsonObject, JsonValue } from '../../json-value.ts'
import type { Connection, SqlValue } from '../../sql/connection.ts'
import { rowsOf, type TableRows } from '../../sql/table-rows.ts'
import { LearnersTable } from '../../tables/learners.ts'
import { parsedJson, parsedObject } from '../foreign/column-types.ts'
import { type ExperienceNote, experienceKey, learnerKey, SIDE_NOTES } from './extra-fields.ts'

const EXPERIENCE_COLUMNS = [
  'id',
  'agent_id',
  'task_id',
  'task_type',
  'state',
  'action',
  'reward',
  'next_state',
  'episode_id',
  'timestamp',
]
const NOTED_COLUMNS = [
  'id',
  'experience_id',
  'terminated',
  'truncated',
  'behavior_probability',
  'available_actions',
  'next_actions',
  'metadata',
]
const VALUE_COLUMNS = ['id', 'agent_id', 'state_key', 'action_key', 'q_value', 'visits', 'last_updated']

/** What agents learned, as rows of memory.db, with side notes for fields without a column there. */
export function learningTables(connection: Connection): TableRows[] {
  const experiences = rowsOf(connection, 'learning_experiences', EXPERIENCE_COLUMNS)
  const columns = ['id', 'agent_id', 'state_key', 'action_key', 'q_value', 'update_count', 'last_updated', 'created_at']
  return [
    { table: 'learning_experiences', columns: EXPERIENCE_COLUMNS, rows: experiences },
    { table: 'q_values', columns, rows: values(connection) },
    { table: 'memory_store', columns: ['key', 'value', 'namespace', 'created_at'], rows: sideNotes(connection) },
  ]
}

function* values(connection: Connection): Generator<SqlValue[]> {
  for (const row of rowsOf(connection, 'q_values', VALUE_COLUMNS)) yield [...row, row.at(-1) ?? null]
}

function* sideNotes(connection: Connection): Generator<SqlValue[]> {
  const learners = new LearnersTable(connection)
  for (const id of learners.ids()) {
    const learner = learners.get(id)
    if (!learner) continue
    const {
      agentId,
      currentExplorationRate,
      experienceCount,
      deviationCount,
      deviationSquares,
      randomState,
      ...configuration
    } = learner
    yield [learnerKey(agentId), JSON.stringify(configuration), SIDE_NOTES, null]
  }
  for (const row of rowsOf(connection, 'learning_experiences', NOTED_COLUMNS)) {
    const [number, id, terminated, truncated, probability, actions, nextActions, metadata] = row
    // An experience that another program recorded has no id; reading the file derives one.
    if (typeof id !== 'string') continue
    const note: ExperienceNote = {
      id,
      terminated: terminated === 1,
      truncated: truncated === 1,
      behaviorProbability: typeof probability === 'number' ? probability : null,
      actions: listIn(actions),
      // Left out if unknown, so that notes keep the form that earlier versions read.
      ...(nextActions === null ? {} : { nextActions: listIn(nextActions) }),
      ...(metadata === null ? {} : { metadata: parsedObject(metadata) as JsonObject }),
    }
    yield [experienceKey(Number(number)), JSON.stringify(note), SIDE_NOTES, null]
  }
}

function listIn(json: SqlValue | undefined): readonly JsonValue[] | null {
  return (parsedJson(json ?? null) as readonly JsonValue[] | undefined) ?? null
}
