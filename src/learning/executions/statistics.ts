import type { Improvement } from '../../algorithms/statistics.ts'
import { AgentStatisticsTable } from '../../tables/agent-statistics.ts'
import type { Core } from '../core/core.ts'
import { improvementOfAgent, tallyOf } from './executions.ts'

/** One agent in numbers. */
export interface AgentStatistics extends Improvement {
  /** All it ever had, also those that are kept no more. */
  readonly experiences: number
  /** Of the rewards that are kept; null without. */
  readonly averageReward: number | null
  /** State-action pairs with a value, and the states of them. */
  readonly values: number
  readonly states: number
  /** Tasks, and how many of them succeeded. */
  readonly tasks: number
  readonly successes: number
  /** Null without tasks. */
  readonly successRate: number | null
  readonly patterns: number
  readonly failurePatterns: number
  /** As decayed. */
  readonly explorationRate: number
}

export function statisticsOf(core: Core, agentId: string): AgentStatistics {
  core.writeHeld()
  const table = new AgentStatisticsTable(core.connection)
  const { count, averageReward } = table.experiences(agentId)
  const experiences = Math.max(count, core.learners.get(agentId).experienceCount)
  const { tasks, successes } = tallyOf(core, agentId)
  return {
    ...{ experiences, averageReward, tasks, successes, successRate: tasks === 0 ? null : successes / tasks },
    ...table.values(agentId),
    ...table.patterns(agentId),
    ...improvementOfAgent(core, agentId),
    explorationRate: core.learners.get(agentId).currentExplorationRate,
  }
}
