import type { Connection } from '../sql/connection.ts'

/** A row of `learning_history`. */
export interface LearningRecord {
  readonly id: number
  readonly agentId: string
  readonly patternId: string | null
  /** A key. */
  readonly stateRepresentation: string
  /** A key. */
  readonly action: string
  readonly reward: number
  /** A key. */
  readonly nextStateRepresentation: string | null
  /** The value of the action after it was learned from. */
  readonly qValue: number | null
  /** The number of the agent's experience. */
  readonly episode: number | null
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
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

/** What each operation of learning came to. */
export class LearningHistoryTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Answers the id of the new row. */
  append(row: Omit<LearningRecord, 'id'>): number {
    this.#connection.run(APPEND, [
      ...[row.agentId, row.patternId, row.stateRepresentation, row.action, row.reward, row.nextStateRepresentation],
      ...[row.qValue, row.episode, row.timestamp],
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
    timestamp: columns[9],
  }
}
