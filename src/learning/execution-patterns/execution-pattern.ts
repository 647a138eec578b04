import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkList, checkName, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExecutionPatternRow } from '../../tables/execution-patterns.ts'

/** How tasks were executed, and how well: the model of MCP-Agent's learning database document. */
export interface ExecutionPattern extends Omit<ExecutionPatternRow, 'toolsUsed' | 'contextFactors'> {
  /** The tools that the pattern needs. */
  readonly toolsUsed: readonly string[]
  /** Other factors of the context. */
  readonly contextFactors: { readonly [name: string]: JsonValue }
}

/**
 * An execution pattern to add. Defaults: empty names and lists, `executionTimeMs` 0, `successRate` 1, `confidenceScore`
 * 0, `agentCount` 1, `complexityLevel` `simple`, `usageCount` 0.
 */
export type NewExecutionPattern = Partial<Omit<ExecutionPattern, 'id' | 'createdAt' | 'updatedAt' | 'decayedCount'>>

/** One run of a task. The confidence and usage count of its pattern are computed. */
export type ExecutionRun = Omit<NewExecutionPattern, 'confidenceScore' | 'usageCount'>

const RUN_FIELDS = [
  'taskType',
  'patternUsed',
  'executionTimeMs',
  'successRate',
  'agentCount',
  'complexityLevel',
  'toolsUsed',
  'contextFactors',
] as const
const PATTERN_FIELDS = [...RUN_FIELDS, 'confidenceScore', 'usageCount'] as const

/** @param now ISO 8601 in UTC. @throws INVALID_ARGUMENT */
export function checkPattern(
  pattern: NewExecutionPattern,
  now: string,
  fields: readonly (keyof NewExecutionPattern)[] = PATTERN_FIELDS,
): Omit<ExecutionPatternRow, 'id'> {
  const given = checkOptions(pattern, 'an execution pattern', fields)
  const { taskType = '', patternUsed = '', toolsUsed = [], contextFactors = {} } = given
  for (const tool of checkList(toolsUsed, 'toolsUsed')) checkName(tool, 'a tool')
  keyOf(contextFactors, 'contextFactors')
  return {
    taskType: taskType === '' ? '' : checkName(taskType, 'taskType'),
    patternUsed: patternUsed === '' ? '' : checkName(patternUsed, 'patternUsed'),
    executionTimeMs: checkNumber(given.executionTimeMs ?? 0, 'executionTimeMs', 0, Number.MAX_VALUE),
    successRate: checkNumber(given.successRate ?? 1, 'successRate', 0, 1),
    confidenceScore: checkNumber(given.confidenceScore ?? 0, 'confidenceScore', 0, 1),
    agentCount: checkCount(given.agentCount ?? 1, 'agentCount', 0),
    complexityLevel: checkName(given.complexityLevel ?? 'simple', 'complexityLevel'),
    toolsUsed: JSON.stringify(toolsUsed),
    contextFactors: JSON.stringify(contextFactors),
    createdAt: now,
    updatedAt: now,
    usageCount: checkCount(given.usageCount ?? 0, 'usageCount', 0),
    decayedCount: null,
  }
}

/** Checks a run, which has no usage count and confidence. @throws INVALID_ARGUMENT */
export function checkRun(run: ExecutionRun, now: string): Omit<ExecutionPatternRow, 'id'> {
  return checkPattern(run, now, RUN_FIELDS)
}

/** Frozen, because the cache returns the same object again. */
export function toPattern(row: ExecutionPatternRow): ExecutionPattern {
  return Object.freeze({
    id: row.id,
    taskType: row.taskType,
    patternUsed: row.patternUsed,
    executionTimeMs: row.executionTimeMs,
    successRate: row.successRate,
    confidenceScore: row.confidenceScore,
    agentCount: row.agentCount,
    complexityLevel: row.complexityLevel,
    toolsUsed: Object.freeze(JSON.parse(row.toolsUsed) as string[]),
    contextFactors: deepFreeze(JSON.parse(row.contextFactors) as { [name: string]: JsonValue }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    usageCount: row.usageCount,
    decayedCount: row.decayedCount,
  })
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
