import type { Connection } from '../sql/connection.ts'

/** Equal experiences of an agent, and how many there are. States and actions are JSON, in which equal data is equal text. */
export interface CountedExperience {
  readonly state: string
  readonly action: string
  readonly reward: number
  readonly nextState: string
  readonly terminated: boolean
  readonly count: number
}

type Columns = [state: string, action: string, reward: number, nextState: string, terminated: number, count: number]

// Without ORDER BY: who counts sums integers, and sorts by key what depends on an order.
const COUNTED = `SELECT state, action, reward, next_state, coalesce(terminated, 0), count(*) FROM learning_experiences
  WHERE agent_id = ? GROUP BY state, action, reward, next_state, coalesce(terminated, 0)`

/** What agents experienced, as transitions and how often each was seen. */
export class TransitionsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  counted(agentId: string): CountedExperience[] {
    return this.#connection
      .all<Columns>(COUNTED, [agentId])
      .map(([state, action, reward, nextState, terminated, count]) => ({
        ...{ state, action, reward, nextState, terminated: terminated === 1, count },
      }))
  }
}
