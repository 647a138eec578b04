import type { Connection } from '../sql/connection.ts'
import { type TransitionColumns, type TransitionRow, toTransition } from './experiences.ts'

/** Tables that grow with every task and can be pruned. */
export type PrunableTable = 'learning_experiences' | 'learning_history' | 'learning_metrics'

/** The statements of each table: rows of an agent up to an id and, with a time, before it. */
const OF = {
  learning_experiences: statements('learning_experiences'),
  learning_history: statements('learning_history'),
  learning_metrics: statements('learning_metrics'),
} as const

const REMOVE_DECISIONS = `DELETE FROM learning_decisions WHERE agent_id = ?1 AND decision_id IN (
  SELECT experience_id ${OF.learning_experiences.matching})`

const SLICE = `SELECT id, state, action, reward, next_state, next_actions, terminated FROM learning_experiences
  WHERE agent_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`

const ONE = `SELECT agent_id, id, state, action, reward, next_state, next_actions, terminated FROM learning_experiences
  WHERE id = ?`

const MARK_BEFORE = `UPDATE learning_experiences SET next_deleted = 1 WHERE id = (
  SELECT max(before.id) FROM learning_experiences AS deleted JOIN learning_experiences AS before
    ON before.agent_id = deleted.agent_id AND before.episode_id IS deleted.episode_id AND before.id < deleted.id
  WHERE deleted.id = ?1 AND before.replica_id IS NULL)`

/** The decision that became an experience. */
const REMOVE_DECISION = `DELETE FROM learning_decisions WHERE (agent_id, decision_id) IN (
  SELECT agent_id, experience_id FROM learning_experiences WHERE id = ?)`

type SliceColumns = [id: number, ...TransitionColumns]

/** Prunes rows by id, so that replaying a removal removes the same rows. */
export class PrunableRows {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  agentIds(table: PrunableTable): string[] {
    return this.#connection.all<[string]>(OF[table].agents).map(([id]) => id)
  }

  /** Returns the id at an offset of an agent's rows, from the newest or the oldest; 0 if there is none. */
  idAt(table: PrunableTable, agentId: string, offset: number, from: 'newest' | 'oldest'): number {
    return this.#connection.get<[number]>(OF[table][from], [agentId, offset])?.[0] ?? 0
  }

  /** Counts the rows of an agent with ids in (above, upTo] and, unless null, a time before `before`. */
  count(table: PrunableTable, agentId: string, above: number, upTo: number, before: string | null): number {
    return this.#connection.get<[number]>(OF[table].count, [agentId, above, upTo, before])?.[0] ?? 0
  }

  /** Deletes the oldest of these rows, up to `limit`. @returns their number. */
  remove(
    table: PrunableTable,
    agentId: string,
    above: number,
    upTo: number,
    before: string | null,
    limit: number,
  ): number {
    const step = this.#connection.get<[number]>(OF[table].step, [agentId, above, upTo, before, limit - 1])?.[0] ?? upTo
    const values = [agentId, above, step, before]
    if (table === 'learning_experiences') this.#connection.run(REMOVE_DECISIONS, values)
    return this.#connection.run(OF[table].remove, values)
  }

  /** Returns an experience by its row id. */
  experience(id: number): (TransitionRow & { readonly agentId: string }) | undefined {
    const columns = this.#connection.get<[string, ...SliceColumns]>(ONE, [id])
    if (!columns) return undefined
    const [agentId, , ...transition] = columns
    return { agentId, ...toTransition(transition) }
  }

  /** Deletes an experience. The step before it in its episode is marked, because the next step of the episode does not follow it. */
  removeExperience(id: number): void {
    this.#connection.run(MARK_BEFORE, [id])
    this.#connection.run(REMOVE_DECISION, [id])
    this.#connection.run('DELETE FROM learning_experiences WHERE id = ?', [id])
  }

  /** Returns experiences of an agent with ids in (above, upTo], oldest first. */
  slice(agentId: string, above: number, upTo: number, limit: number): (TransitionRow & { readonly id: number })[] {
    return this.#connection
      .all<SliceColumns>(SLICE, [agentId, above, upTo, limit])
      .map(([id, ...transition]) => ({ id, ...toTransition(transition) }))
  }
}

function statements(
  table: PrunableTable,
): Readonly<Record<'agents' | 'newest' | 'oldest' | 'matching' | 'count' | 'step' | 'remove', string>> {
  // Keeps the newest running total of an agent's tasks, on which the next one builds.
  const tally =
    table === 'learning_metrics'
      ? ` AND id <> coalesce((SELECT max(id) FROM learning_metrics
          WHERE agent_id = ?1 AND metric_type = 'success_rate' AND context LIKE '{"tasks":%'), 0)`
      : ''
  const matching = `FROM ${table} WHERE agent_id = ?1 AND id > ?2 AND id <= ?3
    AND (?4 IS NULL OR (timestamp < ?4 AND typeof(timestamp) = 'text'))${tally}`
  return {
    agents: `SELECT DISTINCT agent_id FROM ${table} ORDER BY agent_id`,
    newest: `SELECT id FROM ${table} WHERE agent_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?`,
    oldest: `SELECT id FROM ${table} WHERE agent_id = ? ORDER BY id LIMIT 1 OFFSET ?`,
    matching,
    count: `SELECT count(*) ${matching}`,
    step: `SELECT id ${matching} ORDER BY id LIMIT 1 OFFSET ?5`,
    remove: `DELETE ${matching}`,
  }
}
