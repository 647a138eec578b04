import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkList, checkName, checkNumber } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { toJson } from '../../learning/core/experience.ts'
import type { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { failureType, type Pattern, strategyType } from '../../learning/patterns/pattern.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { checkPlain, checkRecord, checkTime, orNull } from '../fields.ts'

const FIELDS: readonly string[] = [
  'pattern',
  'confidence',
  'successRate',
  'usageCount',
  'lastUsedAt',
  'agentId',
  'patternType',
  'patternData',
  'successCount',
]

/** Converts a pattern to a learned pattern of agentic-qe, whose contexts are task types, with our remaining fields under our names. */
export function learnedPattern(pattern: Pattern): object {
  const { id, agentId, patternType, patternData, confidence, successRate, usageCount, successCount, lastUsed } = pattern
  const taskType = patternType.replace(/(?:-strategy|:failure)$/, '')
  const isFailure = patternType === failureType(taskType)
  return {
    id: String(id),
    pattern: isFailure ? patternType : `${taskType}:${nameOf(patternData)}`,
    confidence,
    successRate,
    usageCount,
    contexts: [taskType],
    createdAt: lastUsed,
    lastUsedAt: lastUsed,
    ...(agentId === null ? {} : { agentId }),
    patternType,
    patternData,
    successCount,
  }
}

/** Converts a learned pattern to a row of `patterns`, shape [PATTERN_COLUMNS]. @throws INVALID_ARGUMENT */
export function patternRow(value: unknown, path: string, agentId: string, skipped: SkippedRecords): SqlValue[] {
  const fields = checkRecord(value, path)
  const pattern = checkName(fields.pattern, `${path}.pattern`)
  const successRate = checkNumber(fields.successRate, `${path}.successRate`, 0, 1)
  const usageCount = checkCount(fields.usageCount, `${path}.usageCount`, 0)
  const successCount = orNull(fields.successCount, (count) => checkCount(count, `${path}.successCount`, 0))
  for (const context of checkList(fields.contexts ?? [], `${path}.contexts`)) checkName(context, `${path}.contexts`)
  orNull(fields.createdAt, (time) => checkTime(time, `${path}.createdAt`))
  const { patternType, patternData } = strategyOf(pattern)
  skipped.addUnknownFields(fields, FIELDS, 'patterns: ')
  return [
    fields.agentId === undefined ? agentId : checkName(fields.agentId, `${path}.agentId`),
    fields.patternType === undefined ? patternType : checkName(fields.patternType, `${path}.patternType`),
    toJson(fields.patternData === undefined ? patternData : checkPlain(fields.patternData, `${path}.patternData`)),
    checkNumber(fields.confidence, `${path}.confidence`, 0, 1),
    successRate,
    usageCount,
    successCount ?? Math.round(successRate * usageCount),
    checkTime(fields.lastUsedAt, `${path}.lastUsedAt`),
  ]
}

/** Parses `taskType:strategy`, `taskType:failure`, or a strategy without a task type. */
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
