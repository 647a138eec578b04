import { wilsonLowerBound } from '../../algorithms/intervals.ts'
import type { JsonValue } from '../../json-value.ts'
import type { PatternRow } from '../../tables/patterns.ts'

/** A strategy of an agent that proved itself. */
export interface Pattern extends Omit<PatternRow, 'patternData'> {
  /** The strategy. */
  readonly patternData: JsonValue
  /** What the success rate is worth for ranking: the lower end of its 95 % Wilson interval. */
  readonly lowerBound: number
}

/** What goes wrong with tasks of one type. */
export interface FailurePattern {
  readonly id: number
  readonly agentId: string | null
  /** `taskType:failure`. */
  readonly pattern: string
  readonly frequency: number
  /** In [0, 1]. */
  readonly confidence: number
  /** As it was last told. */
  readonly rootCause?: string
  /** As it was last told. */
  readonly mitigation?: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly lastSeen: string
}

/** What is known of a failure besides that it happened. */
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

export function toPattern(row: PatternRow): Pattern {
  return {
    ...row,
    patternData: JSON.parse(row.patternData) as JsonValue,
    lowerBound: wilsonLowerBound(row.successCount, row.usageCount),
  }
}

export function toFailurePattern({ id, agentId, patternType, patternData, ...row }: PatternRow): FailurePattern {
  const details = JSON.parse(patternData) as FailureDetails
  const { usageCount: frequency, confidence, lastUsed: lastSeen } = row
  return { id, agentId, pattern: patternType, frequency, confidence, lastSeen, ...details }
}

/** The best first: by lower bound, then the oftener used, then the older. */
export function ranked(patterns: readonly Pattern[]): Pattern[] {
  return patterns.toSorted((a, b) => b.lowerBound - a.lowerBound || b.usageCount - a.usageCount || a.id - b.id)
}
