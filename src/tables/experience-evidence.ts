import type { Connection } from '../sql/connection.ts'
import { stateActionHash } from './state-action-hash.ts'

/** An experience behind a value. */
export interface EvidenceRow {
  /** Row id; increases with time of recording. */
  readonly rowId: number
  /** Null if another program recorded the experience without an id. */
  readonly experienceId: string | null
}

const NEWEST = `SELECT id, experience_id FROM learning_experiences
  WHERE state_action_hash = ? AND agent_id = ? AND state = ? AND action = ? ORDER BY id DESC LIMIT ?`

/** Bounds the cost for agents with many experiences. */
const RECENT_RANGE = `SELECT min(reward), max(reward) FROM
  (SELECT reward FROM learning_experiences WHERE agent_id = ? ORDER BY id DESC LIMIT 1000)`

/** Experiences of an action in a state. */
export class EvidenceTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Newest first. @param state canonical JSON. @param action canonical JSON. */
  newest(agentId: string, state: string, action: string, limit: number): EvidenceRow[] {
    const values = [stateActionHash(agentId, state, action), agentId, state, action, limit]
    return this.#connection
      .all<[rowId: number, experienceId: string | null]>(NEWEST, values)
      .map(([rowId, experienceId]) => ({ rowId, experienceId }))
  }

  /** The smallest and the largest of an agent's newest 1,000 rewards; 0 without any. */
  recentRange(agentId: string): readonly [low: number, high: number] {
    const [low, high] = this.#connection.get<[number | null, number | null]>(RECENT_RANGE, [agentId]) ?? []
    return [low ?? 0, high ?? 0]
  }
}
