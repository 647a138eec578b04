import { isLinear } from '../../algorithms/algorithms.ts'
import { type Improvement, improvementOf } from '../../algorithms/statistics.ts'
import { AgentStatisticsTable } from '../../tables/agent-statistics.ts'
import { LearningHistoryTable } from '../../tables/learning-history.ts'
import { LearningMetricsTable } from '../../tables/learning-metrics.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { type LearnResult, learn } from '../core/learn.ts'
import { replay } from '../core/replay.ts'
import { type FailurePattern, type Pattern, ranked, strategyType, toPattern } from '../patterns/pattern.ts'
import { recordUse, type UsedStrategy } from '../patterns/strategy-use.ts'
import type { CheckedExecution } from './execution.ts'
import { recordTally, tallyOf } from './tally.ts'

/** Result of learning from a completed task. */
export interface LearnFromExecutionResult extends LearnResult, Improvement {
  /**
   * The agent's best patterns for tasks of this type, best first, at most five. With the rule `rate` also those that lack
   * evidence.
   */
  readonly patterns: readonly Pattern[]
  /** The pattern, if the strategy became one by this task. */
  readonly discovered: Pattern | undefined
  /** The failure pattern of the task type, if the task failed. */
  readonly failure: FailurePattern | undefined
  /** Number of experiences that were replayed. */
  readonly replayed: number
}

const COMPARED = 20

/** Learns from a completed task. Call it inside a transaction. A known id changes nothing. */
export function learnFromExecution(core: Core, agentId: string, execution: CheckedExecution): LearnFromExecutionResult {
  const { experience, use } = execution
  const learned = learn(core, agentId, experience, { updatesValue: execution.learnsValue })
  if (learned.learned) knowFirstType(core, agentId, execution)
  const used = learned.learned ? recordUse(core, use) : undefined
  const isDue = learned.learned && core.learners.get(agentId).experienceCount % execution.updateFrequency === 0
  const isTabular = !isLinear(core.learners.get(agentId).algorithm)
  const replayed =
    isDue && execution.learnsValue && isTabular && execution.replay
      ? replay(core, agentId, execution.replay).replayed
      : 0
  const { stateKey, actionKey } = experience
  // The replay may have changed the value again.
  const value = replayed > 0 ? core.valueCache.get(agentId, stateKey, actionKey)?.value : learned.value
  const improvement = improvementOfAgent(core, agentId)
  if (used) {
    appendHistory(core, execution, value, used)
    appendMetrics(core, execution, isDue ? improvement : undefined)
  }
  const { rule, minSuccessRate } = use.discovery
  const patterns = new PatternsTable(core.connection)
    .list(agentId, strategyType(use.taskType))
    .map((row) => toPattern(row, minSuccessRate))
    .filter(({ lacksEvidence }) => rule === 'rate' || !lacksEvidence)
  return {
    ...learned,
    ...improvement,
    value,
    replayed,
    patterns: ranked(patterns).slice(0, 5),
    discovered: used?.discovered ? used.pattern : undefined,
    failure: used?.failure,
  }
}

/** The states of the first task's type do not name it, as in agentic-qe. */
function knowFirstType(
  core: Core,
  agentId: string,
  { experience: { state }, use: { taskType } }: CheckedExecution,
): void {
  const { defaultTaskType, configuredAt } = core.learners.get(agentId)
  const namesType = typeof state === 'object' && state !== null && 'type' in state
  if (defaultTaskType !== null || namesType) return
  core.learners.open(agentId, { defaultTaskType: taskType }, configuredAt)
}

/** Below 10 experiences, both performances are the mean reward so far. */
export function improvementOfAgent(core: Core, agentId: string): Improvement {
  const table = new AgentStatisticsTable(core.connection)
  const last = table.lastRewards(agentId, 2 * COMPARED)
  const rewards =
    last.length < 2 * COMPARED ? last : [...table.firstRewards(agentId, COMPARED), ...last.slice(-COMPARED)]
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length)
  const none = { improved: false, previousPerformance: mean, newPerformance: mean, improvementRate: 0 }
  return improvementOf(rewards) ?? none
}

function appendHistory(
  core: Core,
  { experience, use }: CheckedExecution,
  value: number | undefined,
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
    timestamp: isoTime(core.now()),
  })
}

function appendMetrics(core: Core, execution: CheckedExecution, improvement: Improvement | undefined): void {
  const { agentId, executionTimeMs, taskType, success } = execution.use
  const table = new LearningMetricsTable(core.connection)
  const nothing = { baselineValue: null, improvementPercentage: null, patternCount: null }
  const common = { agentId, ...nothing, timestamp: isoTime(core.now()) }
  const context = JSON.stringify({ taskType })
  const before = tallyOf(core, agentId)
  recordTally(core, agentId, { tasks: before.tasks + 1, successes: before.successes + (success ? 1 : 0) })
  if (executionTimeMs !== undefined) {
    table.append({ ...common, metricType: 'latency', metricValue: executionTimeMs, context })
  }
  if (execution.quality !== undefined) {
    table.append({ ...common, metricType: 'quality', metricValue: execution.quality, context })
  }
  if (!improvement) return
  const { patterns } = new AgentStatisticsTable(core.connection).patterns(agentId)
  table.append({
    ...common,
    metricType: 'improvement',
    metricValue: improvement.newPerformance,
    context: null,
    baselineValue: improvement.previousPerformance,
    improvementPercentage: improvement.improvementRate,
    patternCount: patterns,
  })
}
