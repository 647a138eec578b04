import { type Improvement, improvementOf } from '../../algorithms/statistics.ts'
import { AgentStatisticsTable } from '../../tables/agent-statistics.ts'
import { LearningHistoryTable } from '../../tables/learning-history.ts'
import { LearningMetricsTable } from '../../tables/learning-metrics.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { type LearnResult, learn } from '../core/learn.ts'
import { replay } from '../core/replay.ts'
import { type FailurePattern, type Pattern, ranked, strategyType, toPattern } from '../patterns/pattern.ts'
import { recordUse, type UsedStrategy } from '../patterns/strategy-use.ts'
import type { CheckedExecution } from './execution.ts'

/** What came of learning from a task. */
export interface LearnFromExecutionResult extends LearnResult, Improvement {
  /** The best patterns for tasks of this type, at most five. */
  readonly patterns: readonly Pattern[]
  /** The pattern that the strategy became by this task. */
  readonly discovered: Pattern | undefined
  /** What goes wrong with tasks of this type, where this one did. */
  readonly failure: FailurePattern | undefined
  /** How many experiences were learned from again. */
  readonly replayed: number
}

/** The running total of an agent, in the context of its newest `success_rate`. */
export interface Tally {
  readonly tasks: number
  readonly successes: number
}

const COMPARED = 20

/**
 * Learns from a task: its experience, value, pattern, history and metrics; belongs into a transaction. An id that is known
 * changes nothing.
 */
export function learnFromExecution(core: Core, agentId: string, execution: CheckedExecution): LearnFromExecutionResult {
  const { experience, use } = execution
  const learned = learn(core, agentId, experience, { isValued: execution.learnsValue })
  const used = learned.learned ? recordUse(core, use) : undefined
  const isDue = learned.learned && core.learners.get(agentId).experienceCount % execution.updateFrequency === 0
  const isTabular = core.learners.get(agentId).algorithm !== 'lin-ucb'
  const replayed =
    isDue && execution.learnsValue && isTabular && execution.replay
      ? replay(core, agentId, execution.replay).replayed
      : 0
  const { stateKey, actionKey } = experience
  // A replay may have changed it again.
  const value = replayed > 0 ? core.valueCache.get(agentId, stateKey, actionKey)?.value : learned.value
  const improvement = improvementOfAgent(core, agentId)
  if (used) keepHistory(core, execution, { ...learned, value }, used)
  if (used) keepMetrics(core, execution, isDue ? improvement : undefined)
  const found = new PatternsTable(core.connection).list(agentId, strategyType(use.taskType))
  return {
    ...{ ...learned, value, ...improvement, replayed },
    patterns: ranked(found.map(toPattern)).slice(0, 5),
    discovered: used?.discovered ? used.pattern : undefined,
    failure: used?.failure,
  }
}

/** Below 10 experiences nothing is compared: both are the mean so far. */
export function improvementOfAgent(core: Core, agentId: string): Improvement {
  const table = new AgentStatisticsTable(core.connection)
  const last = table.lastRewards(agentId, 2 * COMPARED)
  const rewards =
    last.length < 2 * COMPARED ? last : [...table.firstRewards(agentId, COMPARED), ...last.slice(-COMPARED)]
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length)
  const none = { improved: false, previousPerformance: mean, newPerformance: mean, improvementRate: 0 }
  return improvementOf(rewards) ?? none
}

/** How many of an agent's tasks succeeded. */
export function tallyOf(core: Core, agentId: string): Tally {
  // The form of a tally: others may keep metrics of this type too.
  const context = new LearningMetricsTable(core.connection).lastContext(
    agentId,
    'success_rate',
    '{"tasks":%,"successes":%}',
  )
  return context === undefined ? { tasks: 0, successes: 0 } : (JSON.parse(context) as Tally)
}

function keepHistory(
  core: Core,
  { experience, use }: CheckedExecution,
  { value }: LearnResult,
  { pattern }: UsedStrategy,
): void {
  const { agentId } = use
  new LearningHistoryTable(core.connection).append({
    agentId,
    patternId: pattern === undefined ? null : String(pattern.id),
    stateRepresentation: experience.stateKey,
    action: experience.actionKey,
    reward: experience.row.reward,
    nextStateRepresentation: experience.nextStateKey,
    qValue: value ?? null,
    episode: core.learners.get(agentId).experienceCount,
    timestamp: sqlTime(core.now()),
  })
}

function keepMetrics(core: Core, execution: CheckedExecution, improvement: Improvement | undefined): void {
  const { agentId, executionTimeMs, taskType, success } = execution.use
  const table = new LearningMetricsTable(core.connection)
  const nothing = { baselineValue: null, improvementPercentage: null, patternCount: null }
  const common = { agentId, ...nothing, timestamp: sqlTime(core.now()) }
  const context = JSON.stringify({ taskType })
  const before = tallyOf(core, agentId)
  const tally = { tasks: before.tasks + 1, successes: before.successes + (success ? 1 : 0) }
  table.append({
    ...{ ...common, metricType: 'success_rate', metricValue: tally.successes / tally.tasks },
    context: JSON.stringify(tally),
  })
  if (executionTimeMs !== undefined)
    table.append({ ...common, metricType: 'latency', metricValue: executionTimeMs, context })
  if (execution.quality !== undefined) {
    table.append({ ...common, metricType: 'quality', metricValue: execution.quality, context })
  }
  if (!improvement) return
  const { patterns } = new AgentStatisticsTable(core.connection).patterns(agentId)
  table.append({
    ...{ ...common, metricType: 'improvement', metricValue: improvement.newPerformance, context: null },
    baselineValue: improvement.previousPerformance,
    improvementPercentage: improvement.improvementRate,
    patternCount: patterns,
  })
}
