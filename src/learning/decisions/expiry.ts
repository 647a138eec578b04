import { StoreError } from '../../errors.ts'
import { DecisionCountsTable } from '../../tables/decision-counts.ts'
import { type DecisionRecord, LearningDecisionsTable } from '../../tables/learning-decisions.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { closeWith, experienceOf } from './decision.ts'

/**
 * Closes decisions whose reward did not come in time, the earliest first: with the agent's `defaultReward`, which it learns from, or as
 * expired. @param limit maximum number. @returns their number.
 */
export function closeDueDecisions(core: Core, limit: number): number {
  const table = new LearningDecisionsTable(core.connection)
  const due = table.due(sqlTime(core.now()), limit)
  for (const decision of due) closeDue(core, table, decision)
  core.nextExpiry = new DecisionCountsTable(core.connection).nextExpiry()
  return due.length
}

function closeDue(core: Core, table: LearningDecisionsTable, decision: DecisionRecord): void {
  const { agentId, decisionId, expiresAt } = decision
  const defaultReward = core.learners.find(agentId)?.defaultReward ?? null
  try {
    if (defaultReward !== null) {
      core.transaction(() => {
        closeWith(core, decision, experienceOf(decision, defaultReward, {}), expiresAt ?? decision.timestamp, true)
      })
      return
    }
  } catch (error) {
    // The agent cannot learn from it, for example because its model has too many features. Later decisions do not wait for it.
    if (!(error instanceof StoreError && NOT_LEARNABLE.has(error.code))) throw error
  }
  const outcome = { status: 'expired', reward: null, rewardedAt: null, isDefaultReward: 0, result: null } as const
  core.transaction(() => table.close(agentId, decisionId, outcome))
}

const NOT_LEARNABLE: ReadonlySet<string> = new Set(['INVALID_ARGUMENT', 'TOO_LARGE', 'UNSUPPORTED', 'ALREADY_REWARDED'])
