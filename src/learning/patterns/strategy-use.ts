import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { patternConfidence } from '../../algorithms/pattern-confidence.ts'
import { checkBoolean, checkCount, checkName, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { PatternUsageTable } from '../../tables/pattern-usage.ts'
import { type PatternRow, PatternsTable } from '../../tables/patterns.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { type FailurePattern, failureType, type Pattern, strategyType, toFailurePattern, toPattern } from './pattern.ts'

/** When a strategy becomes a pattern. */
export interface Discovery {
  /** Its success rate must be above it; 0.7 unless given. */
  readonly minSuccessRate?: number
  /** 5 unless given. */
  readonly minUses?: number
}

/** One use of a strategy. */
export interface StrategyUse {
  readonly agentId: string
  readonly taskType: string
  readonly strategy: JsonValue
  readonly success: boolean
  readonly executionTimeMs?: number
  /** What went wrong. */
  readonly rootCause?: string
  /** What would help. */
  readonly mitigation?: string
  readonly discovery?: Discovery
}

/** What is known of a strategy after one more use. */
export interface UsedStrategy {
  /** How often the agent used the strategy for tasks of this type. */
  readonly uses: number
  readonly successes: number
  /** Undefined as long as the strategy did not prove itself. */
  readonly pattern: Pattern | undefined
  /** Whether it proved itself by this use. */
  readonly discovered: boolean
  /** Of the task type, where the use failed. */
  readonly failure: FailurePattern | undefined
}

export interface CheckedUse extends Omit<StrategyUse, 'strategy' | 'discovery'> {
  /** JSON with sorted names. */
  readonly strategy: string
  readonly discovery: Required<Discovery>
}

const FIELDS = [
  ...(['agentId', 'taskType', 'strategy', 'success', 'executionTimeMs', 'rootCause', 'mitigation'] as const),
  'discovery' as const,
]

/** @throws INVALID_ARGUMENT */
export function checkUse(use: StrategyUse): CheckedUse {
  const { strategy, discovery = {}, ...rest } = checkOptions(use, 'a use', FIELDS)
  const { minSuccessRate = 0.7, minUses = 5 } = checkOptions(discovery, 'discovery', ['minSuccessRate', 'minUses'])
  const { agentId, taskType, success, executionTimeMs, rootCause, mitigation } = rest
  checkName(agentId, 'agentId')
  checkName(taskType, 'taskType')
  checkBoolean(success, 'success')
  keyOf(strategy, 'strategy')
  if (executionTimeMs !== undefined) checkNumber(executionTimeMs, 'executionTimeMs', 0, Number.MAX_VALUE)
  if (rootCause !== undefined) checkName(rootCause, 'rootCause')
  if (mitigation !== undefined) checkName(mitigation, 'mitigation')
  return {
    ...rest,
    strategy: JSON.stringify(canonical(strategy)),
    discovery: {
      minSuccessRate: checkNumber(minSuccessRate, 'minSuccessRate', 0, 1),
      minUses: checkCount(minUses, 'minUses', 1),
    },
  }
}

/** Counts a use; belongs into a transaction. A strategy stays a pattern when its success rate falls again. */
export function recordUse(core: Core, use: CheckedUse): UsedStrategy {
  const patterns = new PatternsTable(core.connection)
  const usage = new PatternUsageTable(core.connection)
  const { agentId, success } = use
  const patternType = strategyType(use.taskType)
  const time = sqlTime(core.now())
  const known = patterns.find(agentId, patternType, use.strategy)
  // What is no pattern yet has no row: the newest use of it says how many there were.
  const name = `${agentId}|${patternType}|${use.strategy}`
  const before = known ? { uses: known.usageCount, successes: known.successCount } : countsIn(usage.lastContext(name))
  const uses = before.uses + 1
  const successes = before.successes + (success ? 1 : 0)
  const counted = {
    ...{ patternType, patternData: use.strategy, agentId, usageCount: uses, successCount: successes, lastUsed: time },
    ...{ confidence: patternConfidence(successes, uses - successes), successRate: successes / uses },
  }
  const { minUses, minSuccessRate } = use.discovery
  const discovered = !known && uses >= minUses && counted.successRate > minSuccessRate
  const id = known?.id ?? (discovered ? patterns.insert(counted) : undefined)
  if (known) patterns.update({ ...counted, id: known.id })
  if (discovered) usage.rename(name, String(id))
  const { executionTimeMs: ms } = use
  usage.append({
    ...{
      patternId: id === undefined ? name : String(id),
      agentId,
      context: JSON.stringify({ uses, successes }),
      success,
    },
    ...{ executionTimeMs: ms === undefined ? null : Math.round(ms), errorMessage: use.rootCause ?? null, usedAt: time },
  })
  const pattern = id === undefined ? undefined : toPattern({ ...counted, id })
  return { uses, successes, pattern, discovered, failure: success ? undefined : recordFailure(patterns, use, time) }
}

function recordFailure(patterns: PatternsTable, use: CheckedUse, time: string): FailurePattern {
  const { agentId, rootCause, mitigation } = use
  const patternType = failureType(use.taskType)
  const known = patterns.findType(agentId, patternType)
  const told = {
    ...(rootCause === undefined ? {} : { rootCause }),
    ...(mitigation === undefined ? {} : { mitigation }),
  }
  const details = { ...(known ? (JSON.parse(known.patternData) as object) : {}), ...told }
  const usageCount = (known?.usageCount ?? 0) + 1
  const row: Omit<PatternRow, 'id'> = {
    ...{ patternType, patternData: JSON.stringify(details), agentId, usageCount, successCount: 0, successRate: 0 },
    ...{ confidence: patternConfidence(usageCount, 0), lastUsed: time },
  }
  const id = known?.id ?? patterns.insert(row)
  if (known) patterns.update({ ...row, id })
  return toFailurePattern({ ...row, id })
}

function countsIn(context: string | undefined): { readonly uses: number; readonly successes: number } {
  return context === undefined ? { uses: 0, successes: 0 } : JSON.parse(context)
}
