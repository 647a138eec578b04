import { checkCount, checkName, checkOptions } from '../../checks.ts'
import { type RewardBucket, RewardsTable } from '../../tables/experience-rewards.ts'
import type { Core } from '../core/core.ts'

/** Options of `experiences.rewardHistory`. */
export interface RewardHistoryOptions {
  /** Only rewards of this agent. */
  readonly agentId?: string
  /** Maximum number of buckets. Default: 100. */
  readonly limit?: number
}

/** Rewards over time, in buckets. @throws INVALID_ARGUMENT */
export function rewardHistory(core: Core, options: RewardHistoryOptions): RewardBucket[] {
  const { agentId, limit = 100 } = checkOptions(options, 'the options', ['agentId', 'limit'])
  if (agentId !== undefined) checkName(agentId, 'agentId')
  return new RewardsTable(core.connection).buckets(agentId, checkCount(limit, 'limit', 1))
}
