import type { Connection } from '../sql/connection.ts'

/** Some experiences that follow each other, by their rewards. */
export interface RewardStretch {
  readonly count: number
  readonly mean: number
  /** The sum of the squared differences from the mean. */
  readonly m2: number
  readonly least: number
  readonly greatest: number
}

const CENTER = 'SELECT avg(reward) FROM learning_experiences WHERE ?1 IS NULL OR agent_id = ?1'

/** Squares around a center, so that they stay small beside what they differ by. */
const SUMS = 'count(*), avg(reward), avg((reward - ?3) * (reward - ?3)), min(reward), max(reward)'

const STRETCHES = `SELECT ${SUMS} FROM (SELECT reward, ntile(?2) OVER (ORDER BY id) AS stretch
  FROM learning_experiences WHERE ?1 IS NULL OR agent_id = ?1) GROUP BY stretch ORDER BY stretch`

type Columns = [count: number, mean: number, square: number, least: number, greatest: number]

/** How rewards went. */
export class RewardsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** At most so many stretches of as many experiences each, but for one; oldest first. */
  stretches(agentId: string | undefined, most: number): RewardStretch[] {
    const whose = agentId ?? null
    const center = this.#connection.get<[number | null]>(CENTER, [whose])?.[0]
    if (center === null || center === undefined) return []
    return this.#connection
      .all<Columns>(STRETCHES, [whose, most, center])
      .map(([count, mean, square, least, greatest]) => ({
        ...{ count, mean, m2: count * Math.max(0, square - (mean - center) ** 2), least, greatest },
      }))
  }
}
