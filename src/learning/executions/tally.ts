import { LearningMetricsTable } from '../../tables/learning-metrics.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'

/** The running total of an agent's tasks, stored in the context of its newest `success_rate` metric. */
export interface Tally {
  readonly tasks: number
  readonly successes: number
}

/** The number of an agent's tasks, and of its successful ones. */
export function tallyOf({ connection }: Pick<Core, 'connection'>, agentId: string): Tally {
  // The pattern of a tally, because callers may add metrics of this type too.
  const context = new LearningMetricsTable(connection).lastContext(agentId, 'success_rate', '{"tasks":%,"successes":%}')
  return context === undefined ? { tasks: 0, successes: 0 } : (JSON.parse(context) as Tally)
}

/** Stores a running total. */
export function recordTally(
  { connection, now }: Pick<Core, 'connection' | 'now'>,
  agentId: string,
  tally: Tally,
): void {
  new LearningMetricsTable(connection).append({
    agentId,
    metricType: 'success_rate',
    metricValue: tally.successes / tally.tasks,
    baselineValue: null,
    improvementPercentage: null,
    patternCount: null,
    context: JSON.stringify({ tasks: tally.tasks, successes: tally.successes }),
    timestamp: isoTime(now()),
  })
}
