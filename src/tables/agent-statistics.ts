import type { Connection } from '../sql/connection.ts'

const OLDEST_REWARDS = 'SELECT reward FROM learning_experiences WHERE agent_id = ? ORDER BY id LIMIT ?'

const NEWEST_REWARDS = 'SELECT reward FROM learning_experiences WHERE agent_id = ? ORDER BY id DESC LIMIT ?'

const EXPERIENCES = 'SELECT count(*), avg(reward) FROM learning_experiences WHERE agent_id = ?'

const VALUES = 'SELECT count(*), count(DISTINCT state_key) FROM q_values WHERE agent_id = ?'

const PATTERNS = `SELECT count(*), coalesce(sum(pattern_type LIKE '%:failure'), 0) FROM patterns WHERE agent_id = ?`

/** Aggregates over the rows of an agent. */
export class AgentStatisticsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Oldest first. */
  firstRewards(agentId: string, count: number): number[] {
    return this.#connection.all<[number]>(OLDEST_REWARDS, [agentId, count]).map(([reward]) => reward)
  }

  /** Oldest first. */
  lastRewards(agentId: string, count: number): number[] {
    const newest = this.#connection.all<[number]>(NEWEST_REWARDS, [agentId, count])
    return newest.map(([reward]) => reward).reverse()
  }

  experiences(agentId: string): { readonly count: number; readonly averageReward: number | null } {
    const [count, averageReward] = this.#connection.get<[number, number | null]>(EXPERIENCES, [agentId]) ?? [0, null]
    return { count, averageReward }
  }

  values(agentId: string): { readonly values: number; readonly states: number } {
    const [values, states] = this.#connection.get<[number, number]>(VALUES, [agentId]) ?? [0, 0]
    return { values, states }
  }

  patterns(agentId: string): { readonly patterns: number; readonly failurePatterns: number } {
    const [all, failurePatterns] = this.#connection.get<[number, number]>(PATTERNS, [agentId]) ?? [0, 0]
    return { patterns: all - failurePatterns, failurePatterns }
  }
}
