import type { JsonFilter } from '../algorithms/json-filter.ts'
import { EXPERIENCE_FIELD_LIST } from '../experience-fields.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'
import { COLUMNS, type Columns, type ExperienceRow, toRow } from './experiences.ts'
import { metadataFits } from './metadata-filter.ts'
import { stateActionHash } from './state-action-hash.ts'

/** Search criteria for experiences; null matches all. */
export interface ExperienceCriteria {
  readonly agentId: string | null
  readonly taskType: string | null
  readonly minReward: number | null
  readonly maxReward: number | null
  /** Lower-case text to find in the JSON of the state or the action, or in the id of the task or the episode. */
  readonly text: string | null
  /** A checked filter. */
  readonly metadata: JsonFilter | null
  /** Canonical JSON of a state and an action; requires `agentId`. */
  readonly pair: { readonly state: string; readonly action: string } | null
}

const FITS = `(?1 IS NULL OR agent_id = ?1) AND (?2 IS NULL OR task_type = ?2)
    AND (?3 IS NULL OR reward >= ?3) AND (?4 IS NULL OR reward <= ?4)
    AND (?5 IS NULL OR instr(lower(state), ?5) OR instr(lower(action), ?5)
      OR instr(lower(coalesce(task_id, '')), ?5) OR instr(lower(coalesce(episode_id, '')), ?5))`

const IS_PAIR = 'state_action_hash = ?6 AND state = ?7 AND action = ?8'

const LIST = `SELECT ${COLUMNS} FROM learning_experiences WHERE ${FITS} ORDER BY id DESC`

const LIST_PAIR = `SELECT ${COLUMNS} FROM learning_experiences WHERE ${IS_PAIR} AND ${FITS}
  ORDER BY id DESC`

const IDS = `SELECT id, metadata FROM learning_experiences WHERE ${FITS} ORDER BY id`

const IDS_PAIR = `SELECT id, metadata FROM learning_experiences WHERE ${IS_PAIR} AND ${FITS} ORDER BY id`

const COUNT = `SELECT count(*) FROM learning_experiences WHERE ${FITS}`

const COUNT_PAIR = `SELECT count(*) FROM learning_experiences WHERE ${IS_PAIR} AND ${FITS}`

const ALL = Number.MAX_SAFE_INTEGER
const METADATA = EXPERIENCE_FIELD_LIST.findIndex(([field]) => field === 'metadata')

/** Searches experiences. Searches by state and action use an index, all others scan; metadata is filtered row by row. */
export class ExperienceSearchTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Newest first. */
  list(criteria: ExperienceCriteria, limit: number, offset: number): ExperienceRow[] {
    const fits = (columns: Columns): boolean => metadataFits(columns[METADATA], criteria.metadata)
    return this.#connection
      .matching<Columns>(criteria.pair ? LIST_PAIR : LIST, valuesOf(criteria), fits, offset + limit)
      .slice(offset)
      .map(toRow)
  }

  /** The ids of all matching rows, oldest first. */
  rowIds(criteria: ExperienceCriteria): number[] {
    const fits = ([, column]: [number, SqlValue]): boolean => metadataFits(column, criteria.metadata)
    return this.#connection
      .matching<[number, SqlValue]>(criteria.pair ? IDS_PAIR : IDS, valuesOf(criteria), fits, ALL)
      .map(([id]) => id)
  }

  count(criteria: ExperienceCriteria): number {
    if (criteria.metadata !== null) return this.rowIds(criteria).length
    const sql = criteria.pair ? COUNT_PAIR : COUNT
    return this.#connection.get<[number]>(sql, valuesOf(criteria))?.[0] ?? 0
  }
}

function valuesOf({ agentId, taskType, minReward, maxReward, text, pair }: ExperienceCriteria): SqlValue[] {
  const values = [agentId, taskType, minReward, maxReward, text]
  if (!pair) return values
  return [...values, stateActionHash(agentId ?? '', pair.state, pair.action), pair.state, pair.action]
}
