import type { Connection, SqlValue } from '../sql/connection.ts'

/** Statistics of the rewards of consecutive experiences. */
export interface RewardBucket {
  readonly count: number
  readonly mean: number
  /** Sum of squared differences from the mean. */
  readonly m2: number
  readonly least: number
  readonly greatest: number
}

const ENDS = 'SELECT min(id), max(id) FROM learning_experiences'

const ENDS_OF_AGENT = 'SELECT min(id), max(id) FROM learning_experiences WHERE agent_id = ?'

/** Squares around a shift near the mean, to avoid cancellation. */
const SUMS = 'count(*), avg(reward), avg((reward - ?1) * (reward - ?1)), min(reward), max(reward)'

const BETWEEN = `SELECT ${SUMS} FROM learning_experiences WHERE id >= ?2 AND id < ?3`

const BETWEEN_OF_AGENT = `SELECT ${SUMS} FROM learning_experiences WHERE agent_id = ?4 AND id >= ?2 AND id < ?3`

type Columns = [count: number, mean: number | null, square: number, least: number, greatest: number]

/** Rewards over time. */
export class RewardsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Divides the rows into up to `limit` buckets of equal ranges of row ids; empty buckets are omitted. One query per bucket: grouping all
   * rows in one query takes twenty times as long.
   */
  buckets(agentId: string | undefined, limit: number): RewardBucket[] {
    const agent = agentId === undefined ? [] : [agentId]
    const [first, last] = this.#connection.get<[number | null, number | null]>(
      agentId === undefined ? ENDS : ENDS_OF_AGENT,
      agent,
    ) ?? [null, null]
    if (first === null || last === null) return []
    const parts = Math.min(limit, last - first + 1)
    const endOf = (part: number): number => first + Math.round(((last - first + 1) * part) / parts)
    const buckets: RewardBucket[] = []
    for (let part = 0; part < parts; part++) {
      const center = buckets.at(-1)?.mean ?? 0
      const bucket = this.#between(agentId, [center, endOf(part), endOf(part + 1), ...agent])
      if (bucket) buckets.push(bucket)
    }
    return buckets
  }

  #between(agentId: string | undefined, values: readonly [center: number, ...SqlValue[]]): RewardBucket | undefined {
    const sql = agentId === undefined ? BETWEEN : BETWEEN_OF_AGENT
    const [count, mean, square, least, greatest] = this.#connection.get<Columns>(sql, values) ?? [0, null, 0, 0, 0]
    if (mean === null) return undefined
    const [center] = values
    return { count, mean, m2: count * Math.max(0, square - (mean - center) ** 2), least, greatest }
  }
}
