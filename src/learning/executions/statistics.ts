import type { Improvement } from '../../algorithms/statistics.ts'
import { shareSeenOnce } from '../../algorithms/unseen-states.ts'
import { AgentStatisticsTable } from '../../tables/agent-statistics.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import type { Core } from '../core/core.ts'
import { toPattern } from '../patterns/pattern.ts'
import { improvementOfAgent } from './executions.ts'
import { tallyOf } from './tally.ts'

/** Statistics of one agent. */
export interface AgentStatistics extends Improvement {
  /** Number of experiences, including pruned ones. */
  readonly experiences: number
  /** Mean reward of the stored experiences; null if there are none. */
  readonly averageReward: number | null
  /** Number of state-action pairs with a value. */
  readonly values: number
  /** Number of states with values. */
  readonly states: number
  /** Share of these states in which it was once, in [0, 1]; null without states. A table of values learns little where states never recur. */
  readonly statesSeenOnce: number | null
  /** Number of tasks that the agent learned from with `learnFromExecution`, here or before it was imported. */
  readonly tasks: number
  /** Number of successful tasks. */
  readonly successes: number
  /** Share of successful tasks, in [0, 1]; null without tasks. */
  readonly successRate: number | null
  /** Number of patterns, without failure patterns. */
  readonly patterns: number
  /** Number of patterns that lack evidence, among `patterns`. */
  readonly patternsLackingEvidence: number
  /** Number of failure patterns. */
  readonly failurePatterns: number
  /** The exploration rate after decay, in [0, 1]. */
  readonly explorationRate: number
}

export function statisticsOf(core: Core, agentId: string): AgentStatistics {
  core.writePending()
  const table = new AgentStatisticsTable(core.connection)
  const { count, averageReward } = table.experiences(agentId)
  const experiences = Math.max(count, core.learners.get(agentId).experienceCount)
  const { tasks, successes } = tallyOf(core, agentId)
  return {
    experiences,
    averageReward,
    tasks,
    successes,
    successRate: tasks === 0 ? null : successes / tasks,
    ...table.values(agentId),
    statesSeenOnce: shareSeenOnce(core.countStates(agentId)),
    ...table.patterns(agentId),
    patternsLackingEvidence: new PatternsTable(core.connection)
      .list(agentId, null)
      .filter((row) => toPattern(row).lacksEvidence).length,
    ...improvementOfAgent(core, agentId),
    explorationRate: core.learners.get(agentId).currentExplorationRate,
  }
}
