import { EXPERIENCE_FIELD_LIST, type ExperienceRow } from '../experience-fields.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'
import { COLUMNS, toRow, valuesOf } from './experiences.ts'
import { stateActionHash } from './state-action-hash.ts'

/** An experience with its origin: replica and row id there. Both are null if this store recorded it. */
export interface ReplicatedRow extends Omit<ExperienceRow, 'experienceId'> {
  readonly id: number
  /** Null if another program recorded the experience without an id. */
  readonly experienceId: string | null
  readonly replicaId: string | null
  readonly replicaSequence: number | null
}

// Other programs can store a time as a number.
const OF_AGENT = `SELECT ${COLUMNS.replace('timestamp', "coalesce(CAST(timestamp AS TEXT), '')")}, id, replica_id, replica_sequence
  FROM learning_experiences WHERE agent_id = ? ORDER BY id`

const AGENTS = 'SELECT DISTINCT agent_id FROM learning_experiences ORDER BY agent_id'

const APPEND = `INSERT INTO learning_experiences (${COLUMNS}, replica_id, replica_sequence, state_action_hash)
  VALUES (${EXPERIENCE_FIELD_LIST.map(() => '?').join(', ')}, ?, ?, ?)`

const ATTRIBUTE = `UPDATE learning_experiences SET replica_id = ?, replica_sequence = id
  WHERE replica_id IS NULL AND id < ?`

const RENAME = `UPDATE learning_experiences SET replica_id = ? WHERE replica_id = ? AND replica_sequence >= ?`

/** Experiences with their origin, for merging replicas. */
export class ReplicatedExperiencesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Ids of the agents with experiences, sorted. */
  agentIds(): string[] {
    return this.#connection.all<[string]>(AGENTS).map(([id]) => id)
  }

  /** Oldest first. */
  ofAgent(agentId: string): ReplicatedRow[] {
    return this.#connection.all<SqlValue[]>(OF_AGENT, [agentId]).map(toReplicatedRow)
  }

  append(row: Omit<ReplicatedRow, 'id'>): void {
    const hash = stateActionHash(row.agentId, row.state, row.action)
    this.#connection.run(APPEND, [...valuesOf(row), row.replicaId, row.replicaSequence, hash])
  }

  /** Names the replica of the experiences before a sequence that this store recorded itself, before it takes another id. */
  attribute(replicaId: string, before: number): void {
    this.#connection.run(ATTRIBUTE, [replicaId, before])
  }

  /** Gives the experiences of another replica from a sequence on another id. */
  rename(replicaId: string, from: number, newId: string): void {
    this.#connection.run(RENAME, [newId, replicaId, from])
  }

  remove(id: number): void {
    this.#connection.run('DELETE FROM learning_experiences WHERE id = ?', [id])
  }
}

function toReplicatedRow(columns: readonly SqlValue[]): ReplicatedRow {
  const [id, replicaId, replicaSequence] = columns.slice(EXPERIENCE_FIELD_LIST.length) as [
    number,
    string | null,
    number | null,
  ]
  return { ...toRow(columns), id, replicaId, replicaSequence }
}
