import { hardlyRecur, shareSeenOnce } from '../../algorithms/unseen-states.ts'
import { type DecisionCounts, DecisionCountsTable } from '../../tables/decision-counts.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { learnedScaleOf } from '../core/learners.ts'

/** Configuration and progress of an agent. */
export interface AgentStatus extends LearnerConfiguration {
  /** The id of the agent. */
  readonly id: string
  /** The exploration rate after decay, in [0, 1]. */
  readonly currentExplorationRate: number
  /** Number of experiences that the agent has learned from, including those that were pruned since. */
  readonly experienceCount: number
  /**
   * The scale of the rewards as far as it was learned: the root mean square deviation of update targets from the values
   * that they moved. Null if it was not.
   */
  readonly learnedScale: number | null
  /** Numbers of the agent's decisions, by status. */
  readonly decisions: DecisionCounts
  /** What limits how well the agent can learn, as sentences for people; empty if nothing is known to. */
  readonly warnings: readonly string[]
}

const EARLIER_MODEL =
  'The model is that of an earlier version, without an intercept, because experiences that it was learned from were pruned: it is approximate.'

/** @throws INVALID_ARGUMENT for an agent that was never opened. */
export function statusOf(core: Core, id: string): AgentStatus {
  const learner = core.learners.get(id)
  const { agentId: _, random, configuredAt, deviationCount, deviationSquares, ...rest } = learner
  const table = new DecisionCountsTable(core.connection)
  const decisions = table.counts(id, sqlTime(core.now()), learner.defaultReward !== null)
  return { id, ...rest, learnedScale: learnedScaleOf(learner), decisions, warnings: warningsFor(core, id) }
}

function warningsFor(core: Core, id: string): string[] {
  if (core.hasLinearModel(id)) return core.hasEarlierArms(id) ? [EARLIER_MODEL] : []
  const count = core.countStates(id)
  if (!hardlyRecur(count)) return []
  const share = Math.floor(100 * (shareSeenOnce(count) ?? 0))
  return [
    `${share} % of ${count.states} states were seen only once, so that a table of values learns little. Leave out of the state what never recurs, or use a learner of features: the algorithm linear.`,
  ]
}
