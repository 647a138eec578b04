import type {
  ExecutionPattern,
  ExecutionRun,
  NewExecutionPattern,
} from '../learning/execution-patterns/execution-pattern.ts'
import type { PatternRecommendation } from '../learning/execution-patterns/recommended-patterns.ts'
import type { PerformanceMetrics } from '../learning/history/metrics.ts'
import type { Preference } from '../tables/preferences.ts'
import { msOfTime } from '../times.ts'

/** The models of MCP-Agent's learning database document: durations are seconds, times are seconds since the epoch. */

interface Timed {
  /** In seconds. */
  readonly executionTime: number
}

/** An execution pattern with the fields and units of MCP-Agent. */
export interface McpExecutionPattern
  extends Omit<ExecutionPattern, 'executionTimeMs' | 'createdAt' | 'updatedAt'>,
    Timed {
  /** In seconds since the epoch. */
  readonly createdAt: number
  /** In seconds since the epoch. */
  readonly updatedAt: number
}

/** An execution pattern to store, with the fields and units of MCP-Agent. */
export interface NewMcpExecutionPattern extends Omit<NewExecutionPattern, 'executionTimeMs'>, Partial<Timed> {}

/** One run of a task, with the fields and units of MCP-Agent. */
export interface McpExecutionRun extends Omit<ExecutionRun, 'executionTimeMs'>, Partial<Timed> {}

/** A recommended execution pattern with the fields and units of MCP-Agent. */
export interface McpPatternRecommendation extends Omit<PatternRecommendation, 'executionTimeMs'>, Timed {}

/** A performance metric with the fields and units of MCP-Agent. */
export interface McpPerformanceMetrics extends Omit<PerformanceMetrics, 'measuredAt'> {
  /** In seconds since the epoch. */
  readonly measuredAt: number
}

/** A user preference with the fields and units of MCP-Agent. */
export interface McpPreference extends Omit<Preference, 'lastUsed'> {
  /** In seconds since the epoch. */
  readonly lastUsed: number
}

/** The store's form of a pattern or a run. What is no number is left for the store to refuse. */
export function inMilliseconds<T extends Partial<Timed>>(
  model: T,
): Omit<T, 'executionTime'> & { readonly executionTimeMs?: number } {
  if (typeof model !== 'object' || model === null || !('executionTime' in model)) return model
  const { executionTime, ...rest } = model
  return executionTime === undefined ? rest : { ...rest, executionTimeMs: milliseconds(executionTime) }
}

export function mcpExecutionPattern({
  executionTimeMs,
  createdAt,
  updatedAt,
  ...rest
}: ExecutionPattern): McpExecutionPattern {
  return {
    ...rest,
    executionTime: executionTimeMs / 1000,
    createdAt: mcpTime(createdAt),
    updatedAt: mcpTime(updatedAt),
  }
}

export function mcpRecommendation({ executionTimeMs, ...rest }: PatternRecommendation): McpPatternRecommendation {
  return { ...rest, executionTime: executionTimeMs / 1000 }
}

export function mcpPerformanceMetrics({ measuredAt, ...rest }: PerformanceMetrics): McpPerformanceMetrics {
  return { ...rest, measuredAt: mcpTime(measuredAt) }
}

export function mcpPreference({ lastUsed, ...rest }: Preference): McpPreference {
  return { ...rest, lastUsed: mcpTime(lastUsed) }
}

/** In seconds since the epoch. */
export function mcpTime(time: string): number {
  return msOfTime(time) / 1000
}

function milliseconds(seconds: unknown): number {
  return typeof seconds === 'number' ? seconds * 1000 : (seconds as number)
}
