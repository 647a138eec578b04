import { isObject } from '../../checks.ts'
import type { Progress } from '../../learning/progress.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase } from '../../sql/foreign-database.ts'
import { DECISION_STATUSES, type DecisionStatus } from '../../tables/decision-counts.ts'
import { DECISION_COLUMNS, type DecisionRecord } from '../../tables/learning-decisions.ts'
import { parsedJson } from '../foreign/column-types.ts'
import { type Cell, rowsOf, textOrNull } from './rows.ts'

/** The decisions in the file of another store, and how many of them are damaged. Files of schema 6 and earlier have none. */
export function* readDecisions(
  database: ForeignDatabase,
): Generator<Progress, { readonly decisions: DecisionRecord[]; readonly damaged: number }> {
  const rows = yield* rowsOf(database, 'learning_decisions', decisionOf)
  const decisions = rows.filter((one) => one !== undefined)
  return { decisions, damaged: rows.length - decisions.length }
}

function decisionOf(cell: Cell): DecisionRecord | undefined {
  const of = (field: keyof typeof DECISION_COLUMNS): SqlValue => cell(DECISION_COLUMNS[field])
  const text = (field: keyof typeof DECISION_COLUMNS): string | null => textOrNull(of(field))
  const [agentId, decisionId, state, actions, action] = [
    text('agentId'),
    text('decisionId'),
    json(of('state')),
    json(of('actions')),
    json(of('action')),
  ]
  const [probability, reward, status] = [of('probability'), of('reward'), of('status')]
  if (!agentId || !decisionId || state === undefined || action === undefined) return undefined
  if (actions === undefined || !Array.isArray(parsedJson(actions))) return undefined
  if (typeof probability !== 'number' || !(probability > 0 && probability <= 1)) return undefined
  if (!DECISION_STATUSES.some((one) => one === status)) return undefined
  const isRewarded = status === 'rewarded'
  if (isRewarded && !(typeof reward === 'number' && Number.isFinite(reward))) return undefined
  return {
    agentId,
    decisionId,
    state,
    actions,
    action,
    probability,
    timestamp: text('timestamp') ?? '',
    expiresAt: text('expiresAt'),
    taskId: text('taskId'),
    taskType: text('taskType'),
    episodeId: text('episodeId'),
    metadata: objectIn(of('metadata')),
    status: status as DecisionStatus,
    reward: isRewarded ? (reward as number) : null,
    rewardedAt: isRewarded ? text('rewardedAt') : null,
    isDefaultReward: isRewarded && of('isDefaultReward') === 1 ? 1 : 0,
    result: isRewarded ? objectIn(of('result')) : null,
  }
}

function json(value: SqlValue): string | undefined {
  return parsedJson(value) === undefined ? undefined : String(value)
}

/** The JSON of an object; null for anything else. */
export function objectIn(value: SqlValue): string | null {
  return typeof value === 'string' && isObject(parsedJson(value)) ? value : null
}
