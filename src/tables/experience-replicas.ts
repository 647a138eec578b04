import type { Connection } from '../sql/connection.ts'
import type { ExperienceRow } from './experiences.ts'
import { stateActionHash } from './state-action-hash.ts'

/** An experience with where it was made. Both null where it was made by this replica, as the row of this id. */
export interface ReplicatedRow extends Omit<ExperienceRow, 'experienceId'> {
  readonly id: number
  /** Null where another program recorded it. */
  readonly experienceId: string | null
  readonly replicaId: string | null
  readonly replicaSequence: number | null
}

type Columns = [
  number,
  string,
  string | null,
  string | null,
  string,
  string,
  string,
  number,
  string,
  string | null,
  string,
  number | null,
  number | null,
  number | null,
  string | null,
  string | null,
  number | null,
]

const OF_AGENT = `SELECT id, agent_id, experience_id, task_id, task_type, state, action, reward, next_state, episode_id,
    coalesce(CAST(timestamp AS TEXT), ''), terminated, truncated, behavior_probability, available_actions, replica_id, replica_sequence
  FROM learning_experiences WHERE agent_id = ? ORDER BY id`

const AGENTS = 'SELECT DISTINCT agent_id FROM learning_experiences ORDER BY agent_id'

const APPEND = `INSERT INTO learning_experiences (agent_id, experience_id, task_id, task_type, state, action, reward, next_state,
    episode_id, timestamp, terminated, truncated, behavior_probability, available_actions, replica_id,
    replica_sequence, state_action_hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Experiences as replicas exchange them. */
export class ReplicatedExperiencesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Whoever has an experience here. */
  agentIds(): string[] {
    return this.#connection.all<[string]>(AGENTS).map(([id]) => id)
  }

  /** Oldest first. */
  ofAgent(agentId: string): ReplicatedRow[] {
    return this.#connection.all<Columns>(OF_AGENT, [agentId]).map(toRow)
  }

  append(row: Omit<ReplicatedRow, 'id'>): void {
    this.#connection.run(APPEND, [
      ...[row.agentId, row.experienceId, row.taskId, row.taskType, row.state, row.action, row.reward, row.nextState],
      ...[row.episodeId, row.timestamp, row.terminated ? 1 : 0, row.truncated ? 1 : 0, row.behaviorProbability],
      ...[row.actions, row.replicaId, row.replicaSequence],
      stateActionHash(row.agentId, row.state, row.action),
    ])
  }

  remove(id: number): void {
    this.#connection.run('DELETE FROM learning_experiences WHERE id = ?', [id])
  }
}

function toRow(columns: Columns): ReplicatedRow {
  const [id, agentId, experienceId, taskId, taskType, state, action, reward, nextState, episodeId] = columns
  const [timestamp, terminated, truncated, behaviorProbability, actions, replicaId, replicaSequence] = columns.slice(
    10,
  ) as [string, number | null, number | null, number | null, string | null, string | null, number | null]
  return {
    ...{ id, agentId, experienceId, taskId, taskType, state, action, reward, nextState, episodeId, timestamp },
    ...{ terminated: terminated === 1, truncated: truncated === 1, behaviorProbability, actions },
    ...{ replicaId, replicaSequence },
  }
}
