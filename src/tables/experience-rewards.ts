import type { Connection, SqlValue } from '../sql/connection.ts'

/** Some experiences that follow each other, by their rewards. */
export interface RewardBucket {
  readonly count: number
  readonly mean: number
  /** The sum of the squared differences from the mean. */
  readonly m2: number
  readonly least: number
  readonly greatest: number
}

const ENDS = 'SELECT min(id), max(id) FROM learning_experiences'

const ENDS_OF_AGENT = 'SELECT min(id), max(id) FROM learning_experiences WHERE agent_id = ?'

/** Squares around a center, so that they stay small beside what they differ by. */
const SUMS = 'count(*), avg(reward), avg((reward - ?1) * (reward - ?1)), min(reward), max(reward)'

const BETWEEN = `SELECT ${SUMS} FROM learning_experiences WHERE id >= ?2 AND id < ?3`

const BETWEEN_OF_AGENT = `SELECT ${SUMS} FROM learning_experiences WHERE agent_id = ?4 AND id >= ?2 AND id < ?3`

type Columns = [count: number, mean: number | null, square: number, least: number, greatest: number]

/** How rewards went. */
export class RewardsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * The rows from the first to the last, in at most so many parts with as many numbers of rows in each; a part without a row
   * is left out. One question for each part: sorting all rows into parts would take twenty times as long.
   */
  stretches(agentId: string | undefined, most: number): RewardBucket[] {
    const whose = agentId === undefined ? [] : [agentId]
    const [first, last] = this.#connection.get<[number | null, number | null]>(
      agentId === undefined ? ENDS : ENDS_OF_AGENT,
      whose,
    ) ?? [null, null]
    if (first === null || last === null) return []
    const parts = Math.min(most, last - first + 1)
    const endOf = (part: number): number => first + Math.round(((last - first + 1) * part) / parts)
    const stretches: RewardBucket[] = []
    for (let part = 0; part < parts; part++) {
      const center = stretches.at(-1)?.mean ?? 0
      const stretch = this.#between(agentId, [center, endOf(part), endOf(part + 1), ...whose])
      if (stretch) stretches.push(stretch)
    }
    return stretches
  }

  #between(agentId: string | undefined, values: readonly [center: number, ...SqlValue[]]): RewardBucket | undefined {
    const sql = agentId === undefined ? BETWEEN : BETWEEN_OF_AGENT
    const [count, mean, square, least, greatest] = this.#connection.get<Columns>(sql, values) ?? [0, null, 0, 0, 0]
    if (mean === null) return undefined
    const [center] = values
    return { count, mean, m2: count * Math.max(0, square - (mean - center) ** 2), least, greatest }
  }
}
