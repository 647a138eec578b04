import type { Connection } from '../sql/connection.ts'
import { fromSqlTime, toSqlTime } from './sql-time.ts'

/** A row of `learning_history`. */
export interface LearningRecord {
  readonly id: number
  readonly agentId: string
  readonly patternId: string | null
  /** Key of the state. */
  readonly stateRepresentation: string
  /** Key of the action. */
  readonly action: string
  readonly reward: number
  /** Key of the next state. */
  readonly nextStateRepresentation: string | null
  /** Value of the action after learning. */
  readonly qValue: number | null
  /** Number of the experience of the agent. */
  readonly episode: number | null
  /** ISO 8601 in UTC. */
  readonly timestamp: string
}

type Columns = [
  number,
  string,
  string | null,
  string,
  string,
  number,
  string | null,
  number | null,
  number | null,
  string,
]

const APPEND = `INSERT INTO learning_history
    (agent_id, pattern_id, state_representation, action, reward, next_state_representation, q_value, episode, timestamp)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

const SELECT = `SELECT id, agent_id, pattern_id, state_representation, action, reward, next_state_representation, q_value,
    episode, timestamp FROM learning_history`

const NEWEST = `${SELECT} ORDER BY id DESC LIMIT ? OFFSET ?`

const NEWEST_OF_AGENT = `${SELECT} WHERE agent_id = ? ORDER BY id DESC LIMIT ? OFFSET ?`

/** Learning steps and their results. */
export class LearningHistoryTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Inserts a row. @returns its id. */
  append(row: Omit<LearningRecord, 'id'>): number {
    this.#connection.run(APPEND, [
      row.agentId,
      row.patternId,
      row.stateRepresentation,
      row.action,
      row.reward,
      row.nextStateRepresentation,
      row.qValue,
      row.episode,
      toSqlTime(row.timestamp),
    ])
    return this.#connection.get<[number]>('SELECT last_insert_rowid()')?.[0] ?? 0
  }

  /** Newest first. */
  list(agentId: string | undefined, limit: number, offset: number): LearningRecord[] {
    const rows =
      agentId === undefined
        ? this.#connection.all<Columns>(NEWEST, [limit, offset])
        : this.#connection.all<Columns>(NEWEST_OF_AGENT, [agentId, limit, offset])
    return rows.map(toRow)
  }
}

function toRow(columns: Columns): LearningRecord {
  return {
    id: columns[0],
    agentId: columns[1],
    patternId: columns[2],
    stateRepresentation: columns[3],
    action: columns[4],
    reward: columns[5],
    nextStateRepresentation: columns[6],
    qValue: columns[7],
    episode: columns[8],
    timestamp: fromSqlTime(columns[9]),
  }
}
