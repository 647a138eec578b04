import type { Connection } from '../sql/connection.ts'

/** The statuses of a decision. `expired`: it got no reward in time, and its agent has no default. */
export const DECISION_STATUSES = ['open', 'rewarded', 'expired'] as const

/** The status of a decision. */
export type DecisionStatus = (typeof DECISION_STATUSES)[number]

/** Numbers of decisions by status. */
export type DecisionCounts = { readonly [S in DecisionStatus]: number }

const COUNTS = 'SELECT status, count(*) FROM learning_decisions WHERE agent_id = ? GROUP BY status'

const DUE_OF_AGENT = `SELECT count(*) FROM learning_decisions 
  WHERE status = 'open' AND expires_at <= ?1 AND agent_id = ?2`

const NEXT_EXPIRY = "SELECT min(expires_at) FROM learning_decisions WHERE status = 'open' AND expires_at IS NOT NULL"

/** Counts decisions, and finds when the next expires. */
export class DecisionCountsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The number of all decisions. */
  size(): number {
    return this.#connection.get<[number]>('SELECT count(*) FROM learning_decisions')?.[0] ?? 0
  }

  /** Counts an agent's decisions by status. @param now UTC text. @param hasDefault whether the agent has a default reward. */
  counts(agentId: string, now: string, hasDefault: boolean): DecisionCounts {
    const rows = this.#connection.all<[DecisionStatus, number]>(COUNTS, [agentId])
    const { open = 0, rewarded = 0, expired = 0 } = Object.fromEntries(rows) as Partial<DecisionCounts>
    const due = open === 0 ? 0 : (this.#connection.get<[number]>(DUE_OF_AGENT, [now, agentId])?.[0] ?? 0)
    return {
      open: open - due,
      rewarded: rewarded + (hasDefault ? due : 0),
      expired: expired + (hasDefault ? 0 : due),
    }
  }

  /** When the first open decision expires, UTC text; null if none does. */
  nextExpiry(): string | null {
    return this.#connection.get<[string | null]>(NEXT_EXPIRY)?.[0] ?? null
  }
}
