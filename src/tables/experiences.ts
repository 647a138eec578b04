import type { Connection, SqlValue } from '../sql/connection.ts'
import { stateActionHash } from './state-action-hash.ts'

/** A row of `learning_experiences`. States and actions are JSON with sorted names. */
export interface ExperienceRow {
  readonly agentId: string
  readonly experienceId: string
  readonly taskId: string | null
  readonly taskType: string
  readonly state: string
  readonly action: string
  readonly reward: number
  readonly nextState: string
  readonly episodeId: string | null
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly timestamp: string
  readonly terminated: boolean
  readonly truncated: boolean
  readonly behaviorProbability: number | null
  /** JSON list, or null where it was not told. */
  readonly actions: string | null
}

export type Columns = [
  agentId: string,
  experienceId: string,
  taskId: string | null,
  taskType: string,
  state: string,
  action: string,
  reward: number,
  nextState: string,
  episodeId: string | null,
  timestamp: string,
  terminated: number,
  truncated: number,
  behaviorProbability: number | null,
  actions: string | null,
]

export const COLUMNS = `agent_id, experience_id, task_id, task_type, state, action, reward, next_state, episode_id, timestamp,
    terminated, truncated, behavior_probability, available_actions`

const APPEND = `INSERT INTO learning_experiences (${COLUMNS}, state_action_hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent_id, experience_id) DO NOTHING`

const BY_ID = `SELECT ${COLUMNS} FROM learning_experiences WHERE agent_id = ? AND experience_id = ?`

const LAST_OF_EPISODE = `SELECT ${COLUMNS} FROM learning_experiences
  WHERE agent_id = ? AND episode_id IS ? AND replica_id IS NULL ORDER BY id DESC LIMIT 1`

const NEWEST = `SELECT ${COLUMNS} FROM learning_experiences ORDER BY id DESC LIMIT ? OFFSET ?`

const NEWEST_OF_AGENT = `SELECT ${COLUMNS} FROM learning_experiences
  WHERE agent_id = ? ORDER BY id DESC LIMIT ? OFFSET ?`

const TRANSITIONS = `SELECT state, action, reward, next_state, available_actions, terminated FROM learning_experiences
  WHERE agent_id = ? ORDER BY id DESC LIMIT ?`

const TRANSITION_BEFORE = `SELECT state, action, reward, next_state, available_actions, terminated, id
  FROM learning_experiences WHERE agent_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?`

/** What a rule needs of an experience. */
export type TransitionRow = Pick<ExperienceRow, 'state' | 'action' | 'reward' | 'nextState' | 'actions' | 'terminated'>

type TransitionColumns = [string, string, number, string, string | null, number]

/** What agents experienced, in the order of its recording. */
export class ExperiencesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Answers false, and adds nothing, when the agent has an experience with this id. */
  append(row: ExperienceRow): boolean {
    const values: SqlValue[] = [
      row.agentId,
      row.experienceId,
      row.taskId,
      row.taskType,
      row.state,
      row.action,
      row.reward,
      row.nextState,
      row.episodeId,
      row.timestamp,
      row.terminated ? 1 : 0,
      row.truncated ? 1 : 0,
      row.behaviorProbability,
      row.actions,
      stateActionHash(row.agentId, row.state, row.action),
    ]
    return this.#connection.run(APPEND, values) === 1
  }

  get(agentId: string, experienceId: string): ExperienceRow | undefined {
    const columns = this.#connection.get<Columns>(BY_ID, [agentId, experienceId])
    return columns && toRow(columns)
  }

  /** Of those that were made here: what other replicas experienced is not followed by what this one does. */
  lastOfEpisode(agentId: string, episodeId: string | null): ExperienceRow | undefined {
    const columns = this.#connection.get<Columns>(LAST_OF_EPISODE, [agentId, episodeId])
    return columns && toRow(columns)
  }

  /** Newest first. */
  list(agentId: string | undefined, limit: number, offset: number): ExperienceRow[] {
    const rows =
      agentId === undefined
        ? this.#connection.all<Columns>(NEWEST, [limit, offset])
        : this.#connection.all<Columns>(NEWEST_OF_AGENT, [agentId, limit, offset])
    return rows.map(toRow)
  }

  /** Newest first. */
  transitions(agentId: string, limit: number): TransitionRow[] {
    return this.#connection.all<TransitionColumns>(TRANSITIONS, [agentId, limit]).map(toTransition)
  }

  /** Those at these places, the newest being at 0, in one walk; without places that there are none at. */
  transitionsAt(agentId: string, places: Iterable<number>): Map<number, TransitionRow> {
    const found = new Map<number, TransitionRow>()
    let [next, before] = [0, Number.MAX_SAFE_INTEGER]
    for (const place of [...new Set(places)].sort((a, b) => a - b)) {
      const values = [agentId, before, place - next]
      const columns = this.#connection.get<[...TransitionColumns, number]>(TRANSITION_BEFORE, values)
      if (!columns) break
      const [state, action, reward, nextState, actions, terminated, id] = columns
      found.set(place, toTransition([state, action, reward, nextState, actions, terminated]))
      ;[next, before] = [place + 1, id]
    }
    return found
  }

  count(agentId?: string): number {
    const row =
      agentId === undefined
        ? this.#connection.get<[number]>('SELECT count(*) FROM learning_experiences')
        : this.#connection.get<[number]>('SELECT count(*) FROM learning_experiences WHERE agent_id = ?', [agentId])
    return row?.[0] ?? 0
  }
}

function toTransition(columns: TransitionColumns): TransitionRow {
  const [state, action, reward, nextState, actions, terminated] = columns
  return { state, action, reward, nextState, actions, terminated: terminated === 1 }
}

export function toRow(columns: Columns): ExperienceRow {
  return {
    agentId: columns[0],
    experienceId: columns[1],
    taskId: columns[2],
    taskType: columns[3],
    state: columns[4],
    action: columns[5],
    reward: columns[6],
    nextState: columns[7],
    episodeId: columns[8],
    timestamp: columns[9],
    terminated: columns[10] === 1,
    truncated: columns[11] === 1,
    behaviorProbability: columns[12],
    actions: columns[13],
  }
}
