import { EXPERIENCE_FIELD_LIST, type ExperienceRow } from '../experience-fields.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'
import { stateActionHash } from './state-action-hash.ts'

export type { ExperienceRow }

/** The columns of a row in the order of `COLUMNS`. */
export type Columns = SqlValue[]

/** The columns of an experience, without the row id and what merging adds. */
export const COLUMNS: string = EXPERIENCE_FIELD_LIST.map(([, { column }]) => column).join(', ')

const APPEND = append('state_action_hash')
const APPEND_LEARNED = append('state_action_hash, keeps_traces, learned')

const BY_ID = `SELECT ${COLUMNS} FROM learning_experiences WHERE agent_id = ? AND experience_id = ?`

const LAST_OF_EPISODE = `SELECT state, action, reward, next_state, next_actions, terminated,
    truncated OR next_deleted IS NOT NULL, keeps_traces FROM learning_experiences
  WHERE agent_id = ? AND episode_id IS ? AND replica_id IS NULL ORDER BY id DESC LIMIT ?`

const NEWEST = `SELECT ${COLUMNS} FROM learning_experiences ORDER BY id DESC LIMIT ? OFFSET ?`

const NEWEST_OF_AGENT = `SELECT ${COLUMNS} FROM learning_experiences
  WHERE agent_id = ? ORDER BY id DESC LIMIT ? OFFSET ?`

const TRANSITIONS = `SELECT state, action, reward, next_state, next_actions, terminated, available_actions
  FROM learning_experiences
  WHERE agent_id = ? ORDER BY id DESC LIMIT ?`

const TRANSITION_BEFORE = `SELECT state, action, reward, next_state, next_actions, terminated, id
  FROM learning_experiences WHERE agent_id = ? AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?`

const COUNT_OF = `SELECT count(*) FROM (SELECT 1 FROM learning_experiences
  WHERE state_action_hash = ? AND agent_id = ? AND state = ? AND action = ? LIMIT ?)`

const COUNT_UP_TO = 'SELECT count(*) FROM (SELECT 1 FROM learning_experiences WHERE agent_id = ? LIMIT ?)'

/** The part of an experience that learning rules use. */
export type TransitionRow = Pick<
  ExperienceRow,
  'state' | 'action' | 'reward' | 'nextState' | 'nextActions' | 'terminated'
>

/** An experience as a step of its episode. */
export interface EpisodeRow extends TransitionRow {
  /** Also if the step after it was deleted. */
  readonly truncated: boolean
  /**
   * Whether the step kept the eligibility traces of the steps before it when it was learned; null if it was learned without
   * traces, or only recorded.
   */
  readonly keepsTraces: boolean | null
}

export type TransitionColumns = [string, string, number, string, string | null, number]

type EpisodeColumns = [...TransitionColumns, truncated: number, keepsTraces: SqlValue]

/** Experiences of agents, in recorded order. */
export class ExperiencesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Inserts an experience.
   *
   * @param keepsTraces see `EpisodeRow`. @param isLearned whether a linear model learns from it.
   * @returns false if the agent already has an experience with this id.
   */
  append(row: ExperienceRow, keepsTraces: boolean | null = null, isLearned = false): boolean {
    const hash = stateActionHash(row.agentId, row.state, row.action)
    const values = [...valuesOf(row), hash]
    if (keepsTraces === null && !isLearned) return this.#connection.run(APPEND, values) === 1
    const marks = [keepsTraces === null ? null : Number(keepsTraces), isLearned ? 1 : null]
    return this.#connection.run(APPEND_LEARNED, [...values, ...marks]) === 1
  }

  get(agentId: string, experienceId: string): ExperienceRow | undefined {
    const columns = this.#connection.get<Columns>(BY_ID, [agentId, experienceId])
    return columns && toRow(columns)
  }

  /**
   * Returns the last experiences of an episode that this replica recorded, oldest first: it cannot continue an episode of another
   * replica. None are returned from before an end of the episode, or, with `onlyTraced`, from before a step that did not keep the
   * traces of the steps before it.
   */
  lastOfEpisode(agentId: string, episodeId: string | null, limit: number, onlyTraced: boolean): EpisodeRow[] {
    const isFirst = ([, , , , , terminated, truncated, keepsTraces]: EpisodeColumns): boolean =>
      terminated === 1 || truncated === 1 || (onlyTraced && keepsTraces !== 1)
    return this.#connection
      .allUpTo<EpisodeColumns>(LAST_OF_EPISODE, [agentId, episodeId, limit], isFirst)
      .map(toEpisodeRow)
      .reverse()
  }

  /** Newest first. */
  list(agentId: string | undefined, limit: number, offset: number): ExperienceRow[] {
    const rows =
      agentId === undefined
        ? this.#connection.all<Columns>(NEWEST, [limit, offset])
        : this.#connection.all<Columns>(NEWEST_OF_AGENT, [agentId, limit, offset])
    return rows.map(toRow)
  }

  /** Newest first, with the actions that the state offered. */
  transitions(agentId: string, limit: number): (TransitionRow & Pick<ExperienceRow, 'actions'>)[] {
    return this.#connection
      .all<[...TransitionColumns, string | null]>(TRANSITIONS, [agentId, limit])
      .map(([state, action, reward, nextState, nextActions, terminated, actions]) => {
        return { ...toTransition([state, action, reward, nextState, nextActions, terminated]), actions }
      })
  }

  /** Returns the transitions at offsets from the newest, in one pass; offsets beyond the oldest are missing. */
  transitionsAt(agentId: string, offsets: Iterable<number>): Map<number, TransitionRow> {
    const found = new Map<number, TransitionRow>()
    let [next, before] = [0, Number.MAX_SAFE_INTEGER]
    for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
      const values = [agentId, before, offset - next]
      const columns = this.#connection.get<[...TransitionColumns, number]>(TRANSITION_BEFORE, values)
      if (!columns) break
      const [state, action, reward, nextState, nextActions, terminated, id] = columns
      found.set(offset, toTransition([state, action, reward, nextState, nextActions, terminated]))
      ;[next, before] = [offset + 1, id]
    }
    return found
  }

  /** Counts the experiences of an action in a state, but no more than `limit`. @param state canonical JSON. @param action canonical JSON. */
  countOf(agentId: string, state: string, action: string, limit: number): number {
    const values = [stateActionHash(agentId, state, action), agentId, state, action, limit]
    return this.#connection.get<[number]>(COUNT_OF, values)?.[0] ?? 0
  }

  /** Counts the experiences of an agent, but no more than `limit`. */
  countUpTo(agentId: string, limit: number): number {
    return this.#connection.get<[number]>(COUNT_UP_TO, [agentId, limit])?.[0] ?? 0
  }

  count(agentId?: string): number {
    const row =
      agentId === undefined
        ? this.#connection.get<[number]>('SELECT count(*) FROM learning_experiences')
        : this.#connection.get<[number]>('SELECT count(*) FROM learning_experiences WHERE agent_id = ?', [agentId])
    return row?.[0] ?? 0
  }
}

/** @param more columns besides those of the fields */
function append(more: string): string {
  const columns = `${COLUMNS}, ${more}`
  return `INSERT INTO learning_experiences (${columns}) VALUES (${columns.replace(/\w+/g, '?')})
    ON CONFLICT (agent_id, experience_id) DO NOTHING`
}

function toEpisodeRow(columns: EpisodeColumns): EpisodeRow {
  const [state, action, reward, nextState, nextActions, terminated, truncated, keepsTraces] = columns
  return {
    state,
    action,
    reward,
    nextState,
    nextActions,
    terminated: terminated === 1,
    truncated: truncated === 1,
    keepsTraces: keepsTraces === 0 ? false : keepsTraces === 1 || null,
  }
}

export function toTransition(columns: TransitionColumns): TransitionRow {
  const [state, action, reward, nextState, nextActions, terminated] = columns
  return { state, action, reward, nextState, nextActions, terminated: terminated === 1 }
}

/** The values of a row in the order of `COLUMNS`. */
export function valuesOf(row: { readonly [F in keyof ExperienceRow]: ExperienceRow[F] | null }): SqlValue[] {
  return EXPERIENCE_FIELD_LIST.map(([field, { kind }]) =>
    kind === 'flag' ? Number(row[field]) : (row[field] as SqlValue),
  )
}

/** @param columns in the order of `COLUMNS`; more may follow. */
export function toRow(columns: readonly SqlValue[]): ExperienceRow {
  const row: { [field: string]: unknown } = {}
  for (const [i, [field, { kind }]] of EXPERIENCE_FIELD_LIST.entries()) {
    row[field] = kind === 'flag' ? columns[i] === 1 : columns[i]
  }
  return row as unknown as ExperienceRow
}
