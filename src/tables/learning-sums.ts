import { mergeMoments, NO_MOMENTS, type RewardSums, withNumber } from '../algorithms/statistics.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'
import { stateActionHash } from './state-action-hash.ts'

export type { RewardSums }

export const NO_REWARDS: RewardSums = {
  ...NO_MOMENTS,
  least: Number.POSITIVE_INFINITY,
  greatest: Number.NEGATIVE_INFINITY,
}

export function withReward(sums: RewardSums, reward: number): RewardSums {
  const { count, mean, m2 } = withNumber(sums, reward)
  return { count, mean, m2, least: Math.min(sums.least, reward), greatest: Math.max(sums.greatest, reward) }
}

export function mergeRewards(a: RewardSums, b: RewardSums): RewardSums {
  return {
    ...mergeMoments(a, b),
    least: Math.min(a.least, b.least),
    greatest: Math.max(a.greatest, b.greatest),
  }
}

/** An action in a state and what followed. States and actions are canonical JSON: equal data is equal text. */
export interface TransitionText {
  readonly agentId: string
  readonly state: string
  readonly action: string
  readonly nextState: string
  readonly terminated: boolean
}

/** All rewards of a transition that an agent ever recorded. */
export interface TransitionSums extends TransitionText, RewardSums {}

/** A list of actions, JSON, that a state was said to offer. */
export interface OfferedActions {
  readonly agentId: string
  readonly state: string
  readonly actions: string
}

/** A text that differs between different transitions: agents, states and actions contain no NUL. */
export function transitionKey({ agentId, state, action, nextState, terminated }: TransitionText): string {
  return `${agentId}\0${state}\0${action}\0${nextState}\0${terminated}`
}

/** A text that differs between different offers. */
export function offerKey({ agentId, state, actions }: OfferedActions): string {
  return `${agentId}\0${state}\0${actions}`
}

type Columns = [
  state: string,
  action: string,
  nextState: string,
  terminated: number,
  count: number,
  mean: number,
  m2: number,
  least: number,
  greatest: number,
]

const SUMS = 'count, mean, m2, least, greatest'

const OF_AGENT = `SELECT state, action, next_state, terminated, ${SUMS} FROM learning_sums WHERE agent_id = ? ORDER BY id`

const IS_PAIR = 'agent_id = ? AND state_action_hash = ? AND state = ? AND action = ?'

const OF_ACTION = `SELECT state, action, next_state, terminated, ${SUMS} FROM learning_sums WHERE ${IS_PAIR} ORDER BY id`

const ONE = `SELECT id, ${SUMS} FROM learning_sums WHERE ${IS_PAIR} AND next_state = ? AND terminated = ?`

const ADD = `INSERT INTO learning_sums (agent_id, state_action_hash, state, action, next_state, terminated, ${SUMS})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const UPDATE = 'UPDATE learning_sums SET count = ?, mean = ?, m2 = ?, least = ?, greatest = ? WHERE id = ?'

const UPDATE_IN_RANGE = 'UPDATE learning_sums SET count = ?, mean = ?, m2 = ? WHERE id = ?'

const OFFERED = 'SELECT state, actions FROM offered_actions WHERE agent_id = ? ORDER BY id'

const OFFER = `INSERT INTO offered_actions (agent_id, hash, state, actions) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS
  (SELECT 1 FROM offered_actions WHERE agent_id = ?1 AND hash = ?2 AND state = ?3 AND actions = ?4)`

const WITHDRAW = `DELETE FROM offered_actions WHERE agent_id = ?1 AND hash = ?2 AND state = ?3 AND actions = ?4
  AND NOT EXISTS (SELECT 1 FROM learning_experiences WHERE agent_id = ?1 AND next_state = ?3 AND next_actions = ?4)`

const STORED_REWARDS = `SELECT reward FROM learning_experiences
  WHERE ${IS_PAIR} AND next_state = ? AND coalesce(terminated, 0) = ? ORDER BY id`

/** Sums of all experiences that were ever recorded, and what states offer. */
export class LearningSumsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  ofAgent(agentId: string): TransitionSums[] {
    return this.#connection.all<Columns>(OF_AGENT, [agentId]).map((columns) => toSums(agentId, columns))
  }

  /** Number of experiences in the sums of an agent. */
  recorded(agentId: string): number {
    const sql = 'SELECT coalesce(sum(count), 0) FROM learning_sums WHERE agent_id = ?'
    return this.#connection.get<[number]>(sql, [agentId])?.[0] ?? 0
  }

  /** One row for each outcome. @param state canonical JSON. @param action canonical JSON. */
  ofAction(agentId: string, state: string, action: string): TransitionSums[] {
    const values = [agentId, stateActionHash(agentId, state, action), state, action]
    return this.#connection.all<Columns>(OF_ACTION, values).map((columns) => toSums(agentId, columns))
  }

  /** The sums of a transition with the id of their row; undefined if it was never recorded. */
  get(transition: TransitionText): (RewardSums & { readonly id: number }) | undefined {
    const columns = this.#connection.get<[number, number, number, number, number, number]>(ONE, columnsOf(transition))
    if (!columns) return undefined
    const [id, count, mean, m2, least, greatest] = columns
    return { id, count, mean, m2, least, greatest }
  }

  add(transition: TransitionText, sums: RewardSums): void {
    this.#connection.run(ADD, [...columnsOf(transition), ...valuesOf(sums)])
  }

  update(id: number, sums: RewardSums): void {
    this.#connection.run(UPDATE, [...valuesOf(sums), id])
  }

  /** Like `update`, where the least and the greatest reward are those of the row: most often they are. */
  updateInRange(id: number, { count, mean, m2 }: RewardSums): void {
    this.#connection.run(UPDATE_IN_RANGE, [count, mean, m2, id])
  }

  remove(id: number): void {
    this.#connection.run('DELETE FROM learning_sums WHERE id = ?', [id])
  }

  /** The lists of actions that next states were said to offer, in the order in which they were first recorded. */
  offered(agentId: string): OfferedActions[] {
    return this.#connection
      .all<[string, string]>(OFFERED, [agentId])
      .map(([state, actions]) => ({ agentId, state, actions }))
  }

  /** Adds a list of actions that a state offers, unless it is known. */
  offer({ agentId, state, actions }: OfferedActions): void {
    this.#connection.run(OFFER, [agentId, stateActionHash(agentId, state, actions), state, actions])
  }

  /** Removes a list of offered actions that no stored experience says any more. */
  withdraw({ agentId, state, actions }: OfferedActions): void {
    this.#connection.run(WITHDRAW, [agentId, stateActionHash(agentId, state, actions), state, actions])
  }

  /** The rewards of the stored experiences of a transition, oldest first. */
  storedRewards(transition: TransitionText): number[] {
    return this.#connection.all<[number]>(STORED_REWARDS, columnsOf(transition)).map(([reward]) => reward)
  }

  removeAgent(agentId: string): void {
    this.#connection.run('DELETE FROM learning_sums WHERE agent_id = ?', [agentId])
    this.#connection.run('DELETE FROM offered_actions WHERE agent_id = ?', [agentId])
  }
}

function columnsOf({ agentId, state, action, nextState, terminated }: TransitionText): SqlValue[] {
  return [agentId, stateActionHash(agentId, state, action), state, action, nextState, Number(terminated)]
}

function valuesOf({ count, mean, m2, least, greatest }: RewardSums): SqlValue[] {
  return [count, mean, m2, least, greatest]
}

function toSums(agentId: string, columns: Columns): TransitionSums {
  const [state, action, nextState, terminated, count, mean, m2, least, greatest] = columns
  return { agentId, state, action, nextState, terminated: terminated === 1, count, mean, m2, least, greatest }
}
