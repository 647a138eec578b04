import type { LearnFromExecutionResult } from '../learning/executions/executions.ts'
import type { AgentStatistics } from '../learning/executions/statistics.ts'

/** What came of learning from a task. */
export interface LearningOutcome extends Omit<LearnFromExecutionResult, 'id'> {
  /** Names the execution; undefined where nothing was learned because learning is disabled. */
  readonly id: string | undefined
  /** In [-2, 2]. */
  readonly reward: number
  /** How sure the agent now is of what it did, in [0, 1]: (value + 2) / 4, as in recommendations. */
  readonly confidence: number
}

export function outcomeOfLearning(learned: LearnFromExecutionResult, reward: number): LearningOutcome {
  return { ...learned, reward, confidence: Math.min(1, Math.max(0, ((learned.value ?? 0) + 2) / 4)) }
}

/** While learning is disabled. */
export function notLearned(reward: number, statistics: AgentStatistics): LearningOutcome {
  const { previousPerformance, newPerformance, improvementRate, explorationRate } = statistics
  return {
    ...{ id: undefined, learned: false, value: undefined, error: undefined, explorationRate, reward, confidence: 0.5 },
    ...{ improved: false, previousPerformance, newPerformance, improvementRate },
    ...{ patterns: [], discovered: undefined, failure: undefined, replayed: 0 },
  }
}
