import type { Connection } from '../sql/connection.ts'

/** A group of equal experiences of an agent. States and actions are canonical JSON: equal data is equal text. */
export interface CountedExperience {
  readonly state: string
  readonly action: string
  readonly reward: number
  readonly nextState: string
  readonly terminated: boolean
  readonly count: number
}

type Columns = [state: string, action: string, reward: number, nextState: string, terminated: number, count: number]

// Without ORDER BY: sums of integer counts do not depend on the order, and callers sort by key what does.
const COUNTED = `SELECT state, action, reward, next_state, coalesce(terminated, 0), count(*) FROM learning_experiences
  WHERE agent_id = ? GROUP BY state, action, reward, next_state, coalesce(terminated, 0)`

/** Experiences as transitions with counts. */
export class TransitionsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  counted(agentId: string): CountedExperience[] {
    return this.#connection
      .all<Columns>(COUNTED, [agentId])
      .map(([state, action, reward, nextState, terminated, count]) => ({
        state,
        action,
        reward,
        nextState,
        terminated: terminated === 1,
        count,
      }))
  }
}
