import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkList, checkName, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExecutionPatternRow } from '../../tables/execution-patterns.ts'

/** How a task was carried out, and how well: the model of MCP-Agent. */
export interface ExecutionPattern extends Omit<ExecutionPatternRow, 'toolsUsed' | 'contextFactors'> {
  readonly toolsUsed: readonly string[]
  readonly contextFactors: { readonly [name: string]: JsonValue }
}

/** A pattern to store. What is left out has the default of the model. */
export type NewExecutionPattern = Partial<Omit<ExecutionPattern, 'id' | 'createdAt' | 'updatedAt' | 'decayedCount'>>

/** One run of a task. How sure its pattern is, and how often it was used, is counted. */
export type ExecutionRun = Omit<NewExecutionPattern, 'confidenceScore' | 'usageCount'>

const RUN_FIELDS = [
  ...(['taskType', 'patternUsed', 'executionTime', 'successRate', 'agentCount', 'complexityLevel'] as const),
  ...(['toolsUsed', 'contextFactors'] as const),
]
const PATTERN_FIELDS = [...RUN_FIELDS, ...(['confidenceScore', 'usageCount'] as const)]

/** @param now in seconds since the epoch. @throws INVALID_ARGUMENT */
export function checkPattern(
  pattern: NewExecutionPattern,
  now: number,
  fields: readonly (keyof NewExecutionPattern)[] = PATTERN_FIELDS,
): Omit<ExecutionPatternRow, 'id'> {
  const given = checkOptions(pattern, 'an execution pattern', fields)
  const { taskType = '', patternUsed = '', toolsUsed = [], contextFactors = {} } = given
  for (const tool of checkList(toolsUsed, 'toolsUsed')) checkName(tool, 'a tool')
  keyOf(contextFactors, 'contextFactors')
  return {
    taskType: taskType === '' ? '' : checkName(taskType, 'taskType'),
    patternUsed: patternUsed === '' ? '' : checkName(patternUsed, 'patternUsed'),
    executionTime: checkNumber(given.executionTime ?? 0, 'executionTime', 0, Number.MAX_VALUE),
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

/** One run, whose use and confidence are not the caller's to say. @throws INVALID_ARGUMENT */
export function checkRun(run: ExecutionRun, now: number): Omit<ExecutionPatternRow, 'id'> {
  return checkPattern(run, now, RUN_FIELDS)
}

/** Frozen, because the cache hands the same object out again. */
export function toPattern(row: ExecutionPatternRow): ExecutionPattern {
  return Object.freeze({
    id: row.id,
    taskType: row.taskType,
    patternUsed: row.patternUsed,
    executionTime: row.executionTime,
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
