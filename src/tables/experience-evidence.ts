import type { Connection } from '../sql/connection.ts'
import type { TransitionRow } from './experiences.ts'
import { stateActionHash } from './state-action-hash.ts'

/** An experience behind a value. */
export interface EvidenceRow extends TransitionRow {
  /** Row id; increases with time of recording. */
  readonly rowId: number
  /** Null if another program recorded the experience without an id. */
  readonly experienceId: string | null
}

type Columns = [
  rowId: number,
  experienceId: string | null,
  reward: number,
  nextState: string,
  nextActions: string | null,
  terminated: number | null,
]

const OF_ACTION = `SELECT id, experience_id, reward, next_state, next_actions, terminated FROM learning_experiences
  WHERE state_action_hash = ? AND agent_id = ? AND state = ? AND action = ? ORDER BY id DESC LIMIT ?`

/** Experiences of an action in a state. */
export class EvidenceTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Newest first. @param state canonical JSON. @param action canonical JSON. */
  of(agentId: string, state: string, action: string, limit: number): EvidenceRow[] {
    const hash = stateActionHash(agentId, state, action)
    return this.#connection
      .all<Columns>(OF_ACTION, [hash, agentId, state, action, limit])
      .map(([rowId, experienceId, reward, nextState, nextActions, terminated]) => ({
        rowId,
        experienceId,
        state,
        action,
        reward,
        nextState,
        nextActions,
        terminated: terminated === 1,
      }))
  }
}
