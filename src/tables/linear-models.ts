import type { StoredExperience } from '../algorithms/linear/agent-model.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'

/** A stored linear model. */
export interface LinearModelRow {
  /** The row id of the last experience that it contains; 0 for none. */
  readonly through: number
  readonly model: Uint8Array
}

/** An experience that a linear model is learned from. */
export interface LearnedRow extends StoredExperience {
  readonly id: number
}

const ROWS = 'SELECT id, state, action, reward, timestamp FROM learning_experiences'

const LEARNED_AFTER = `${ROWS}
  WHERE agent_id = ? AND id > ? AND learned = 1 ORDER BY id LIMIT ?`

const RECORDED_ONLY = `${ROWS} WHERE agent_id = ? AND learned IS NULL ORDER BY id`

// Not by max(), which reads all experiences of the agent.
const LAST_LEARNED = 'SELECT id FROM learning_experiences WHERE agent_id = ? AND learned = 1 ORDER BY id DESC LIMIT 1'

const PUT = `INSERT INTO linear_models (agent_id, through, model) VALUES (?, ?, ?)
  ON CONFLICT (agent_id) DO UPDATE SET through = excluded.through, model = excluded.model`

/** Linear models of agents, and the experiences that they are derived from. */
export class LinearModelsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(agentId: string): LinearModelRow | undefined {
    const sql = 'SELECT through, model FROM linear_models WHERE agent_id = ?'
    const columns = this.#connection.get<[number, Uint8Array]>(sql, [agentId])
    return columns && { through: columns[0], model: columns[1] }
  }

  /** Writes a model, which the log does not record. Call it outside a transaction. */
  put(agentId: string, { through, model }: LinearModelRow): void {
    this.#connection.runUnrecorded(PUT, [agentId, through, model])
  }

  remove(agentId: string): void {
    this.#connection.run('DELETE FROM linear_models WHERE agent_id = ?', [agentId])
  }

  /** The experiences with a row id above `after`, in recorded order. */
  learnedAfter(agentId: string, after: number, limit: number): LearnedRow[] {
    return this.#rows(LEARNED_AFTER, [agentId, after, limit])
  }

  #rows(sql: string, values: readonly SqlValue[]): LearnedRow[] {
    return this.#connection
      .all<[number, string, string, number, string]>(sql, [...values])
      .map(([id, state, action, reward, timestamp]) => ({ id, state, action, reward, timestamp }))
  }

  /** The experiences that were only recorded. */
  recordedOnly(agentId: string): LearnedRow[] {
    return this.#rows(RECORDED_ONLY, [agentId])
  }

  /** The row id of the newest experience that the agent learned from; 0 if there is none. */
  lastLearned(agentId: string): number {
    return this.#connection.get<[number]>(LAST_LEARNED, [agentId])?.[0] ?? 0
  }

  /** Marks experiences that were only recorded as learned from, the oldest first. @returns their number. */
  markLearned(agentId: string, limit: number): number {
    const oldest = 'SELECT id FROM learning_experiences WHERE agent_id = ? AND learned IS NULL ORDER BY id LIMIT ?'
    return this.#connection.run(`UPDATE learning_experiences SET learned = 1 WHERE id IN (${oldest})`, [agentId, limit])
  }
}
