import type { Connection } from '../sql/connection.ts'

/** A row of `linear_arms`. */
export interface LinearArmRow {
  readonly actionKey: string
  /** Names of the features, shape [D]. */
  readonly features: readonly string[]
  /** Shape [D, D]. */
  readonly inverse: readonly (readonly number[])[]
  /** Shape [D]. */
  readonly weighted: readonly number[]
  readonly visits: number
  /** As a DATETIME column has it, see `sql-time.ts`. */
  readonly lastUpdated: string
}

type Columns = [string, string, Uint8Array, Uint8Array, number, string]

const SELECT = 'SELECT action_key, features, inverse, weighted, visits, last_updated FROM linear_arms'

const OF_AGENT = `${SELECT} WHERE agent_id = ? ORDER BY action_key`

/** Linear models of the actions of LinUCB agents, as versions up to schema 4 wrote them. */
export class LinearArmsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Sorted by action key. */
  ofAgent(agentId: string): LinearArmRow[] {
    return this.#connection.all<Columns>(OF_AGENT, [agentId]).map(toRow)
  }

  hasAgent(agentId: string): boolean {
    return this.#connection.get('SELECT 1 FROM linear_arms WHERE agent_id = ? LIMIT 1', [agentId]) !== undefined
  }

  /** Deletes the models of an agent. */
  removeAgent(agentId: string): void {
    this.#connection.run('DELETE FROM linear_arms WHERE agent_id = ?', [agentId])
  }
}

function toRow([actionKey, features, inverse, weighted, visits, lastUpdated]: Columns): LinearArmRow {
  const names = JSON.parse(features) as string[]
  const numbers = toNumbers(inverse)
  const rows = names.map((_, i) => numbers.slice(i * names.length, (i + 1) * names.length))
  return { actionKey, features: names, inverse: rows, weighted: toNumbers(weighted), visits, lastUpdated }
}

/** Decodes little-endian doubles. */
function toNumbers(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true))
}
