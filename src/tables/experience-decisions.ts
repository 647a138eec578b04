import type { Connection } from '../sql/connection.ts'

/** The decision of an experience. States and actions are canonical JSON: equal data is equal text. */
export interface DecisionRow {
  readonly state: string
  readonly action: string
  readonly reward: number
  readonly behaviorProbability: number | null
  /** JSON list of the available actions; null if unknown. */
  readonly actions: string | null
  readonly episodeId: string | null
  /** Whether the episode terminated or was truncated here. */
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
  FROM learning_experiences WHERE agent_id = ?1 AND id > ?2 AND id <= ?3
    AND (?4 = 0 OR behavior_probability IS NOT NULL) ORDER BY id LIMIT ?5`

const NEWEST_ID = `SELECT id FROM learning_experiences WHERE agent_id = ?1 AND id <= ?2
    AND (?3 = 0 OR behavior_probability IS NOT NULL) ORDER BY id DESC LIMIT 1 OFFSET ?4`

const WITHOUT_PROBABILITY = `SELECT count(*) FROM learning_experiences
  WHERE agent_id = ? AND id <= ? AND behavior_probability IS NULL`

/** Number of rows in memory at a time. */
const PAGE_ROWS = 5000

/** Decisions of agents, in recorded order. */
export class DecisionsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Returns the row id of the experience at an offset from the newest up to row `through`; 0 if there is none.
   * @param onlyWithProbability whether to skip those without the probability of their action
   */
  rowAt(agentId: string, offset: number, through: number, onlyWithProbability: boolean): number {
    const values = [agentId, through, Number(onlyWithProbability), offset]
    return this.#connection.get<[number]>(NEWEST_ID, values)?.[0] ?? 0
  }

  /** The number of experiences up to row `through` without the probability of their action. */
  countWithoutProbability(agentId: string, through: number): number {
    return this.#connection.get<[number]>(WITHOUT_PROBABILITY, [agentId, through])?.[0] ?? 0
  }

  /** Oldest first. @param after exclusive first row id. @param through inclusive last row id. @param onlyWithProbability see `rowAt`. */
  *rows(agentId: string, after: number, through: number, onlyWithProbability: boolean): Generator<DecisionRow> {
    let last = after
    for (;;) {
      const page = this.#connection.all<Columns>(PAGE, [agentId, last, through, Number(onlyWithProbability), PAGE_ROWS])
      for (const [id, state, action, reward, behaviorProbability, actions, episodeId, ends] of page) {
        yield { state, action, reward, behaviorProbability, actions, episodeId, isLast: ends > 0 }
        last = id
      }
      if (page.length < PAGE_ROWS) return
    }
  }
}
