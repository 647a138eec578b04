import type { Connection, Statement } from '../sql/connection.ts'

/** The values of an action in the two tables of Double Q-learning, and the number of visits of each. */
export type Twins = readonly [first: number, second: number, firstVisits: number, secondVisits: number]

/** Tables with these values that share visits which were not counted for each. Default of `second`: the same value. */
export function twinsSharing(visits: number, first: number, second: number = first): Twins {
  return [first, second, Math.ceil(visits / 2), Math.floor(visits / 2)]
}

/** The value of an action in a state. */
export interface ValueRow {
  readonly actionKey: string
  readonly value: number
  readonly visits: number
  readonly lastUpdated: string
  readonly twins?: Twins
}

/** A value with the key of its state. */
export interface KeyedValueRow extends ValueRow {
  readonly stateKey: string
}

type Columns = [
  action: string,
  value: number,
  visits: number,
  updated: string,
  ...twins: Twins | [null, null, null, null],
]

const OF_STATE = `
  SELECT q.action_key, q.q_value, q.visits, q.last_updated, d.first_value, d.second_value,
    d.first_visits, d.second_visits
  FROM q_values AS q LEFT JOIN double_q_values AS d USING (agent_id, state_key, action_key)
  WHERE q.agent_id = ? AND q.state_key = ? ORDER BY q.action_key`

const OF_AGENT = `
  SELECT action_key, q_value, visits, last_updated, state_key FROM q_values
  WHERE agent_id = ? ORDER BY q_value DESC, state_key, action_key LIMIT ? OFFSET ?`

const EXTREMES = 'SELECT min(q_value), max(q_value) FROM q_values WHERE agent_id = ?'

const STATE_KEYS = 'SELECT DISTINCT state_key FROM q_values WHERE agent_id = ? ORDER BY state_key'

const NEWEST_STATE_KEYS = `SELECT state_key FROM q_values WHERE agent_id = ?
  GROUP BY state_key ORDER BY max(last_updated) DESC, state_key LIMIT ?`

const COUNT_STATES = `SELECT count(*), total(visits = 1) FROM (
  SELECT sum(visits) AS visits FROM q_values WHERE agent_id = ? GROUP BY state_key)`

const PUT = `
  INSERT INTO q_values (agent_id, state_key, action_key, q_value, visits, last_updated) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent_id, state_key, action_key)
  DO UPDATE SET q_value = excluded.q_value, visits = excluded.visits, last_updated = excluded.last_updated`

const PUT_TWINS = `
  INSERT INTO double_q_values (agent_id, state_key, action_key, first_value, second_value, first_visits, second_visits)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent_id, state_key, action_key)
  DO UPDATE SET first_value = excluded.first_value, second_value = excluded.second_value,
    first_visits = excluded.first_visits, second_visits = excluded.second_visits`

const REMOVE = 'DELETE FROM q_values WHERE agent_id = ?'

/** Values of actions in states: `q_values`, and `double_q_values` for Double Q-learning. */
export class ValuesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The actions with values in a state, sorted by action key. */
  ofState(agentId: string, stateKey: string): ValueRow[] {
    return this.#connection.all<Columns>(OF_STATE, [agentId, stateKey]).map(toRow)
  }

  /** The values of an agent, greatest first. */
  ofAgent(agentId: string, limit: number, offset: number): KeyedValueRow[] {
    return this.#connection
      .all<[string, number, number, string, string]>(OF_AGENT, [agentId, limit, offset])
      .map(([actionKey, value, visits, lastUpdated, stateKey]) => ({ actionKey, value, visits, lastUpdated, stateKey }))
  }

  /** The keys of the states with values, sorted. */
  stateKeys(agentId: string): string[] {
    return this.#connection.all<[string]>(STATE_KEYS, [agentId]).map(([key]) => key)
  }

  /** The smallest and the largest value of an agent that has some. */
  extremes(agentId: string): readonly [min: number, max: number] {
    return this.#connection.get<[number, number]>(EXTREMES, [agentId]) ?? [0, 0]
  }

  /** The keys of the states whose values changed last. */
  newestStateKeys(agentId: string, limit: number): string[] {
    return this.#connection.all<[string]>(NEWEST_STATE_KEYS, [agentId, limit]).map(([key]) => key)
  }

  /** The number of states with values, and of those with one visit. */
  countStates(agentId: string): { states: number; once: number } {
    const [states, once] = this.#connection.get<[number, number]>(COUNT_STATES, [agentId]) ?? [0, 0]
    return { states, once }
  }

  put(agentId: string, stateKey: string, { actionKey, value, visits, lastUpdated, twins }: ValueRow): void {
    this.#connection.run(PUT, [agentId, stateKey, actionKey, value, visits, lastUpdated])
    if (twins) this.#connection.run(PUT_TWINS, [agentId, stateKey, actionKey, ...twins])
  }

  remove(agentId: string, stateKey: string, actionKey: string): void {
    for (const table of ['double_q_values', 'q_values']) {
      const sql = `DELETE FROM ${table} WHERE agent_id = ? AND state_key = ? AND action_key = ?`
      this.#connection.run(sql, [agentId, stateKey, actionKey])
    }
  }

  /** Deletes the values of an agent. @returns their number. */
  removeAgent(agentId: string): number {
    this.#connection.run('DELETE FROM double_q_values WHERE agent_id = ?', [agentId])
    return this.#connection.run(REMOVE, [agentId])
  }

  count(): number {
    return this.#connection.get<[number]>('SELECT count(*) FROM q_values')?.[0] ?? 0
  }
}

/** Whether a statement deletes values. */
export function removesValues({ sql }: Statement): boolean {
  return sql.startsWith('DELETE FROM q_values')
}

/** The state of the value that a statement writes; undefined for other statements. */
export function stateOf({ sql, values }: Statement): { agentId: string; stateKey: string } | undefined {
  if (sql !== PUT) return undefined
  return { agentId: String(values[0]), stateKey: String(values[1]) }
}

function toRow([actionKey, value, visits, lastUpdated, ...twins]: Columns): ValueRow {
  const row = { actionKey, value, visits, lastUpdated }
  return twins[0] === null ? row : { ...row, twins }
}
