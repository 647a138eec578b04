import type { JsonFilter } from '../algorithms/json-filter.ts'
import type { Connection, SqlValue } from '../sql/connection.ts'
import type { DecisionStatus } from './decision-counts.ts'
import { metadataFits } from './metadata-filter.ts'

/** The fields of a decision with their columns. */
export const DECISION_COLUMNS = {
  agentId: 'agent_id',
  decisionId: 'decision_id',
  state: 'state',
  actions: 'available_actions',
  action: 'action',
  probability: 'behavior_probability',
  timestamp: 'timestamp',
  expiresAt: 'expires_at',
  taskId: 'task_id',
  taskType: 'task_type',
  episodeId: 'episode_id',
  metadata: 'metadata',
  status: 'status',
  reward: 'reward',
  rewardedAt: 'rewarded_at',
  isDefaultReward: 'is_default_reward',
  result: 'result',
} as const

type Field = keyof typeof DECISION_COLUMNS

/** The fields of a decision in the order of their columns. */
export const DECISION_FIELDS = Object.keys(DECISION_COLUMNS) as readonly Field[]

type TextOrNull = 'expiresAt' | 'taskId' | 'taskType' | 'episodeId' | 'metadata' | 'rewardedAt' | 'result'

/** A row of `learning_decisions`. Plain data is canonical JSON; times are UTC text. */
export type DecisionRecord = {
  readonly [F in Exclude<Field, TextOrNull | 'probability' | 'reward' | 'isDefaultReward' | 'status'>]: string
} & { readonly [F in TextOrNull]: string | null } & {
  readonly probability: number
  readonly status: DecisionStatus
  readonly reward: number | null
  /** 1 if nobody gave the reward in time. */
  readonly isDefaultReward: number
}

/** Selects decisions; null matches all. */
export interface DecisionCriteria {
  readonly agentId: string | null
  readonly status: DecisionStatus | null
  /** A checked filter. */
  readonly metadata: JsonFilter | null
}

/** What closes a decision. */
export type DecisionOutcome = Pick<DecisionRecord, 'status' | 'reward' | 'rewardedAt' | 'isDefaultReward' | 'result'>

const COLUMNS: string = Object.values(DECISION_COLUMNS).join(', ')

const DEFAULT_REWARD = `(SELECT nullif(default_reward, '') FROM learning_agents AS agent
    WHERE agent.agent_id = learning_decisions.agent_id)`

const IS_DUE = `status = 'open' AND expires_at <= ?1`

/** The decisions as they are at the time ?1: one whose time is over counts as closed before a writer has closed it. */
const CURRENT = `SELECT id, ${Object.values(DECISION_COLUMNS)
  .map((column) => {
    if (column === 'status')
      return `CASE WHEN is_due THEN iif(default_reward IS NULL, 'expired', 'rewarded') ELSE status END AS status`
    if (column === 'reward') return 'iif(is_due, default_reward, reward) AS reward'
    if (column === 'rewarded_at')
      return 'iif(is_due AND default_reward IS NOT NULL, expires_at, rewarded_at) AS rewarded_at'
    if (column === 'is_default_reward')
      return 'iif(is_due, default_reward IS NOT NULL, is_default_reward) AS is_default_reward'
    return column
  })
  .join(', ')}
  FROM (SELECT *, coalesce(${IS_DUE}, 0) AS is_due, ${DEFAULT_REWARD} AS default_reward FROM learning_decisions)`

const FITS = `(?2 IS NULL OR agent_id = ?2) AND (?3 IS NULL OR status = ?3)`

const LIST = `SELECT ${COLUMNS} FROM (${CURRENT}) WHERE ${FITS} ORDER BY id DESC`

const COUNT = `SELECT count(*) FROM (${CURRENT}) WHERE ${FITS}`

const GET = `SELECT ${COLUMNS} FROM (${CURRENT}) WHERE agent_id = ?2 AND decision_id = ?3`

const DUE = `SELECT ${COLUMNS} FROM learning_decisions WHERE ${IS_DUE} ORDER BY expires_at, id LIMIT ?2`

const REMOVE_OLD = `DELETE FROM learning_decisions WHERE id IN (
  SELECT id FROM learning_decisions WHERE status = ? AND timestamp < ? ORDER BY id LIMIT ?)`

const REMOVE = 'DELETE FROM learning_decisions WHERE agent_id = ? AND decision_id = ?'

const OF_AGENT = `SELECT ${COLUMNS} FROM learning_decisions WHERE agent_id = ? ORDER BY id`

const METADATA = DECISION_FIELDS.indexOf('metadata')

const ADD = `INSERT INTO learning_decisions (${COLUMNS}) VALUES (${COLUMNS.replace(/\w+/g, '?')})`

const CLOSE = `UPDATE learning_decisions SET status = ?, reward = ?, rewarded_at = ?, is_default_reward = ?, result = ?
  WHERE agent_id = ? AND decision_id = ?`

/** Decisions whose rewards come later. */
export class LearningDecisionsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Returns a decision as it is at a time. @param now UTC text. */
  get(agentId: string, decisionId: string, now: string): DecisionRecord | undefined {
    const columns = this.#connection.get<SqlValue[]>(GET, [now, agentId, decisionId])
    return columns && toRecord(columns)
  }

  /** Newest first. @param now UTC text. */
  list({ agentId, status, metadata }: DecisionCriteria, now: string, limit: number, offset: number): DecisionRecord[] {
    const fits = (columns: SqlValue[]): boolean => metadataFits(columns[METADATA], metadata)
    return this.#connection
      .matching<SqlValue[]>(LIST, [now, agentId, status], fits, offset + limit)
      .slice(offset)
      .map(toRecord)
  }

  /** @param now UTC text. */
  count(criteria: DecisionCriteria, now: string): number {
    if (criteria.metadata !== null) return this.list(criteria, now, Number.MAX_SAFE_INTEGER, 0).length
    return this.#connection.get<[number]>(COUNT, [now, criteria.agentId, criteria.status])?.[0] ?? 0
  }

  add(record: DecisionRecord): void {
    this.#connection.run(
      ADD,
      DECISION_FIELDS.map((field) => record[field]),
    )
  }

  close(agentId: string, decisionId: string, outcome: DecisionOutcome): void {
    const { status, reward, rewardedAt, isDefaultReward, result } = outcome
    this.#connection.run(CLOSE, [status, reward, rewardedAt, isDefaultReward, result, agentId, decisionId])
  }

  /** Open decisions whose time is over, the earliest first. @param now UTC text. */
  due(now: string, limit: number): DecisionRecord[] {
    return this.#connection.all<SqlValue[]>(DUE, [now, limit]).map(toRecord)
  }

  /** Deletes the oldest decisions with a status that were made before a time, up to `limit`. @returns their number. */
  removeOld(status: DecisionStatus, before: string, limit: number): number {
    return this.#connection.run(REMOVE_OLD, [status, before, limit])
  }

  remove(agentId: string, decisionId: string): void {
    this.#connection.run(REMOVE, [agentId, decisionId])
  }

  /** All decisions of an agent as they are stored, oldest first. */
  ofAgent(agentId: string): DecisionRecord[] {
    return this.#connection.all<SqlValue[]>(OF_AGENT, [agentId]).map(toRecord)
  }

  agentIds(): string[] {
    const sql = 'SELECT DISTINCT agent_id FROM learning_decisions ORDER BY agent_id'
    return this.#connection.all<[string]>(sql).map(([id]) => id)
  }
}

function toRecord(columns: readonly SqlValue[]): DecisionRecord {
  return Object.fromEntries(DECISION_FIELDS.map((field, i) => [field, columns[i]])) as unknown as DecisionRecord
}
