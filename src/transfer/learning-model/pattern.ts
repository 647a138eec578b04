import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkList, checkName, checkNumber } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { toJson } from '../../learning/core/experience.ts'
import { failureType, type Pattern, strategyType } from '../../learning/patterns/pattern.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { checkPlain, checkRecord, checkTime, orNull } from '../fields.ts'
import type { SkippedRecords } from '../skipped-records.ts'

/** The columns of `patterns` that a learned pattern fills, in the order of `patternRow`. */
export const PATTERN_COLUMNS: readonly string[] = [
  ...['agent_id', 'pattern_type', 'pattern_data', 'confidence', 'success_rate', 'usage_count', 'success_count'],
  'last_used',
]

const FIELDS: readonly string[] = [
  ...['pattern', 'confidence', 'successRate', 'usageCount', 'lastUsedAt', 'agentId'],
  ...['patternType', 'patternData', 'successCount'],
]

/** A pattern as agentic-qe has it, and what that leaves open of ours under our names. Contexts are task types. */
export function learnedPattern(pattern: Pattern): object {
  const { id, agentId, patternType, patternData, confidence, successRate, usageCount, successCount, lastUsed } = pattern
  const taskType = patternType.replace(/(?:-strategy|:failure)$/, '')
  const isFailure = patternType === failureType(taskType)
  const at = `${lastUsed.replace(' ', 'T')}.000Z`
  return {
    id: String(id),
    pattern: isFailure ? patternType : `${taskType}:${nameOf(patternData)}`,
    ...{ confidence, successRate, usageCount, contexts: [taskType], createdAt: at, lastUsedAt: at },
    ...(agentId === null ? {} : { agentId }),
    ...{ patternType, patternData, successCount },
  }
}

/** The row of `patterns` that a learned pattern makes, shape [PATTERN_COLUMNS]. @throws INVALID_ARGUMENT */
export function patternRow(value: unknown, path: string, agentId: string, skips: SkippedRecords): SqlValue[] {
  const told = checkRecord(value, path)
  const pattern = checkName(told.pattern, `${path}.pattern`)
  const successRate = checkNumber(told.successRate, `${path}.successRate`, 0, 1)
  const usageCount = checkCount(told.usageCount, `${path}.usageCount`, 0)
  const successCount = orNull(told.successCount, (count) => checkCount(count, `${path}.successCount`, 0))
  for (const context of checkList(told.contexts ?? [], `${path}.contexts`)) checkName(context, `${path}.contexts`)
  orNull(told.createdAt, (time) => checkTime(time, `${path}.createdAt`))
  const { patternType, patternData } = strategyOf(pattern)
  skips.others(told, FIELDS, 'patterns: ')
  return [
    told.agentId === undefined ? agentId : checkName(told.agentId, `${path}.agentId`),
    told.patternType === undefined ? patternType : checkName(told.patternType, `${path}.patternType`),
    toJson(told.patternData === undefined ? patternData : checkPlain(told.patternData, `${path}.patternData`)),
    checkNumber(told.confidence, `${path}.confidence`, 0, 1),
    ...[successRate, usageCount, successCount ?? Math.round(successRate * usageCount)],
    checkTime(told.lastUsedAt, `${path}.lastUsedAt`),
  ]
}

/** `taskType:strategy`, `taskType:failure`, or a strategy that no task type goes with. */
function strategyOf(pattern: string): { patternType: string; patternData: JsonValue } {
  const at = pattern.indexOf(':')
  if (at < 1) return { patternType: 'strategy', patternData: { strategy: pattern } }
  const [taskType, strategy] = [pattern.slice(0, at), pattern.slice(at + 1)]
  if (pattern === failureType(taskType)) return { patternType: pattern, patternData: {} }
  return { patternType: strategyType(taskType), patternData: { strategy } }
}

function nameOf(patternData: JsonValue): string {
  const isStrategy = typeof patternData === 'object' && patternData !== null && 'strategy' in patternData
  const name = isStrategy ? patternData.strategy : undefined
  return typeof name === 'string' ? name : keyOf(patternData)
}
