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

const REWARDS = `SELECT count(*), avg(reward), min(reward), max(reward), total(reward <> 0 AND reward <> 1),
    total(terminated IS NOT 1)
  FROM learning_experiences WHERE state_action_hash = ? AND agent_id = ? AND state = ? AND action = ?`

const SQUARES = `SELECT total((reward - ?5) * (reward - ?5)) FROM learning_experiences
  WHERE state_action_hash = ?1 AND agent_id = ?2 AND state = ?3 AND action = ?4`

/** Bounds the cost for agents with many experiences. */
const RECENT_RANGE = `SELECT min(reward), max(reward) FROM
  (SELECT reward FROM learning_experiences WHERE agent_id = ? ORDER BY id DESC LIMIT 1000)`

/** Aggregates of all rewards of an action in a state. */
export interface RewardsOfAction {
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
  /** Whether every reward is 0 or 1. */
  readonly isBinary: boolean
  /** Number of experiences after which the episode went on. */
  readonly continued: number
}

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

  /** @param state canonical JSON. @param action canonical JSON. @returns undefined without experiences. */
  rewards(agentId: string, state: string, action: string): RewardsOfAction | undefined {
    const values = [stateActionHash(agentId, state, action), agentId, state, action]
    const columns = this.#connection.get<[number, number, number, number, number, number]>(REWARDS, values)
    const [count = 0, mean = 0, min = 0, max = 0, others = 0, continued = 0] = columns ?? []
    return count === 0 ? undefined : { count, mean, min, max, isBinary: others === 0, continued }
  }

  /** The smallest and the largest of an agent's newest 1,000 rewards; 0 without any. */
  recentRange(agentId: string): readonly [low: number, high: number] {
    const [low, high] = this.#connection.get<[number | null, number | null]>(RECENT_RANGE, [agentId]) ?? []
    return [low ?? 0, high ?? 0]
  }

  /** The sum of the squared differences of the rewards of an action in a state from their mean. */
  squares(agentId: string, state: string, action: string, mean: number): number {
    const values = [stateActionHash(agentId, state, action), agentId, state, action, mean]
    return this.#connection.get<[number]>(SQUARES, values)?.[0] ?? 0
  }
}
