import type { Connection } from '../sql/connection.ts'

/** What an experience tells of the decision in it. States and actions are JSON, in which equal data is equal text. */
export interface DecisionRow {
  readonly state: string
  readonly action: string
  readonly reward: number
  readonly behaviorProbability: number | null
  /** JSON list, or null where it was not told. */
  readonly actions: string | null
  readonly episodeId: string | null
  /** Terminated or truncated. */
  readonly isLast: boolean
}

type Columns = [
  id: number,
  state: string,
  action: string,
  reward: number,
  behaviorProbability: number | null,
  actions: string | null,
  episodeId: string | null,
  isLast: number,
]

const PAGE = `SELECT id, state, action, reward, behavior_probability, available_actions, episode_id,
    coalesce(terminated, 0) + coalesce(truncated, 0)
  FROM learning_experiences WHERE agent_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`

const NEWEST_ID = `SELECT id FROM learning_experiences
  WHERE agent_id = ? AND id <= ? ORDER BY id DESC LIMIT 1 OFFSET ?`

/** Rows that are in memory at the same time. */
const PAGE_ROWS = 5000

/** What agents decided, in the order of its recording. */
export class DecisionsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The row number of an agent's experience at this place, the newest up to `through` being at 0; 0 where there is none. */
  rowAt(agentId: string, place: number, through: number = Number.MAX_SAFE_INTEGER): number {
    return this.#connection.get<[number]>(NEWEST_ID, [agentId, through, place])?.[0] ?? 0
  }

  /** Oldest first. @param after the row number before the first. @param through that of the last. */
  *rows(agentId: string, after: number, through: number): Generator<DecisionRow> {
    let last = after
    for (;;) {
      const page = this.#connection.all<Columns>(PAGE, [agentId, last, through, PAGE_ROWS])
      for (const [id, state, action, reward, behaviorProbability, actions, episodeId, ends] of page) {
        yield { state, action, reward, behaviorProbability, actions, episodeId, isLast: ends > 0 }
        last = id
      }
      if (page.length < PAGE_ROWS) return
    }
  }
}
