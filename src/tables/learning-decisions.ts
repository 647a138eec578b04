import type { Connection, SqlValue } from '../sql/connection.ts'
import type { DecisionStatus } from './decision-counts.ts'

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

/** What closes a decision. */
export type DecisionOutcome = Pick<DecisionRecord, 'status' | 'reward' | 'rewardedAt' | 'isDefaultReward' | 'result'>

export const DECISION_COLUMN_LIST: string = Object.values(DECISION_COLUMNS).join(', ')

const GET = `SELECT ${DECISION_COLUMN_LIST} FROM learning_decisions WHERE agent_id = ? AND decision_id = ?`

const ADD = `INSERT INTO learning_decisions (${DECISION_COLUMN_LIST}) VALUES (${DECISION_COLUMN_LIST.replace(/\w+/g, '?')})`

const CLOSE = `UPDATE learning_decisions SET status = ?, reward = ?, rewarded_at = ?, is_default_reward = ?, result = ?
  WHERE agent_id = ? AND decision_id = ?`

/** Decisions whose rewards come later. */
export class LearningDecisionsTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Returns a decision as it is stored. */
  get(agentId: string, decisionId: string): DecisionRecord | undefined {
    const columns = this.#connection.get<SqlValue[]>(GET, [agentId, decisionId])
    return columns && toDecisionRecord(columns)
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
}

export function toDecisionRecord(columns: readonly SqlValue[]): DecisionRecord {
  return Object.fromEntries(DECISION_FIELDS.map((field, i) => [field, columns[i]])) as unknown as DecisionRecord
}
