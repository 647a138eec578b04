import { valueConfidence } from '../algorithms/value-confidence.ts'
import type { LearnFromExecutionResult } from '../learning/executions/executions.ts'
import type { AgentStatistics } from '../learning/executions/statistics.ts'

/** The result of learning from a task. */
export interface LearningOutcome extends Omit<LearnFromExecutionResult, 'id'> {
  /** The id of the execution; undefined if learning is disabled. */
  readonly id: string | undefined
  /** The reward of the result, in [-2, 2]. */
  readonly reward: number
  /** The confidence in the strategy, in [0, 1]: (value + 2) / 4, the formula of agentic-qe; no probability. */
  readonly confidence: number
}

export function outcomeOfLearning(learned: LearnFromExecutionResult, reward: number): LearningOutcome {
  return { ...learned, reward, confidence: valueConfidence(learned.value ?? 0) }
}

/** The outcome while learning is disabled. */
export function notLearned(reward: number, statistics: AgentStatistics): LearningOutcome {
  const { previousPerformance, newPerformance, improvementRate, explorationRate } = statistics
  return {
    id: undefined,
    learned: false,
    value: undefined,
    error: undefined,
    explorationRate,
    reward,
    confidence: 0.5,
    improved: false,
    previousPerformance,
    newPerformance,
    improvementRate,
    patterns: [],
    discovered: undefined,
    failure: undefined,
    replayed: 0,
  }
}
