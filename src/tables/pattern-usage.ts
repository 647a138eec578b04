import type { Connection } from '../sql/connection.ts'
import { toSqlTime } from './sql-time.ts'

/** A row of `pattern_usage`. */
export interface PatternUsageRow {
  /** Id of the pattern, or the name of a strategy that is not a pattern yet. */
  readonly patternId: string
  readonly agentId: string
  /** JSON. */
  readonly context: string
  readonly success: boolean
  readonly executionTimeMs: number | null
  readonly errorMessage: string | null
  /** ISO 8601 in UTC. */
  readonly usedAt: string
}

const APPEND = `INSERT INTO pattern_usage
    (pattern_id, agent_id, context, success, execution_time_ms, error_message, used_at)
  VALUES (?, ?, ?, ?, ?, ?, ?)`

const LAST = `SELECT context FROM pattern_usage WHERE pattern_id = ? AND context IS NOT NULL
  ORDER BY id DESC LIMIT 1`

const RENAME = 'UPDATE pattern_usage SET pattern_id = ? WHERE pattern_id = ?'

/** Uses of strategies. */
export class PatternUsageTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  append(row: PatternUsageRow): void {
    const { patternId, agentId, context, success, executionTimeMs, errorMessage, usedAt } = row
    const values = [patternId, agentId, context, success ? 1 : 0, executionTimeMs, errorMessage, toSqlTime(usedAt)]
    this.#connection.run(APPEND, values)
  }

  /** Returns the context of the newest use with a context. */
  lastContext(patternId: string): string | undefined {
    return this.#connection.get<[string]>(LAST, [patternId])?.[0]
  }

  /** Moves the uses of a strategy to the pattern that it became. */
  rename(from: string, to: string): void {
    this.#connection.run(RENAME, [to, from])
  }
}
