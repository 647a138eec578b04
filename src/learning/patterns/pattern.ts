import { wilsonLowerBound } from '../../algorithms/intervals.ts'
import type { JsonValue } from '../../json-value.ts'
import type { PatternRow } from '../../tables/patterns.ts'

/** A successful strategy of an agent for one type of task. */
export interface Pattern extends Omit<PatternRow, 'patternData'> {
  /** The strategy. */
  readonly patternData: JsonValue
  /** The lower bound of the 95 % Wilson interval of the success rate, in [0, 1]. Patterns are ranked by it. */
  readonly lowerBound: number
  /** Whether `lowerBound` is below 0.7; in the result of a use, below its `discovery.minSuccessRate`. */
  readonly lacksEvidence: boolean
}

/** The failures of an agent's tasks of one type. */
export interface FailurePattern {
  /** The id of the pattern. */
  readonly id: number
  /** The agent, or null. */
  readonly agentId: string | null
  /** `taskType:failure`. */
  readonly pattern: string
  /** Number of failures. */
  readonly frequency: number
  /** The confidence in the pattern, in [0, 1]; it grows with the number of failures. */
  readonly confidence: number
  /** The most recently reported root cause. */
  readonly rootCause?: string
  /** The most recently reported mitigation. */
  readonly mitigation?: string
  /** ISO 8601 in UTC. */
  readonly lastSeen: string
}

export interface FailureDetails {
  readonly rootCause?: string
  readonly mitigation?: string
}

export function strategyType(taskType: string): string {
  return `${taskType}-strategy`
}

export function failureType(taskType: string): string {
  return `${taskType}:failure`
}

/** The success rate that a strategy must exceed to be a pattern, as agentic-qe documents it. */
export const MIN_SUCCESS_RATE = 0.7

export function toPattern(row: PatternRow, minSuccessRate: number = MIN_SUCCESS_RATE): Pattern {
  const lowerBound = wilsonLowerBound(row.successCount, row.usageCount)
  return { ...row, patternData: dataIn(row.patternData), lowerBound, lacksEvidence: lowerBound < minSuccessRate }
}

export function isFailure({ patternType }: Pick<PatternRow, 'patternType'>): boolean {
  return patternType.endsWith(failureType(''))
}

export function toFailurePattern({ id, agentId, patternType, patternData, ...row }: PatternRow): FailurePattern {
  const { usageCount: frequency, confidence, lastUsed: lastSeen } = row
  return { id, agentId, pattern: patternType, frequency, confidence, lastSeen, ...detailsIn(patternData) }
}

/** What is known of a failure, as its row has it. */
export function detailsIn(patternData: string): FailureDetails {
  const data = dataIn(patternData)
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as FailureDetails) : {}
}

/** Another program may have stored text that is no JSON. */
function dataIn(patternData: string): JsonValue {
  try {
    return JSON.parse(patternData) as JsonValue
  } catch {
    return patternData
  }
}

/** Best first: by lower bound, then most used, then oldest. */
export function ranked(patterns: readonly Pattern[]): Pattern[] {
  return patterns.toSorted((a, b) => b.lowerBound - a.lowerBound || b.usageCount - a.usageCount || a.id - b.id)
}
