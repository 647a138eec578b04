import { wilsonLowerBound } from '../../algorithms/intervals.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { patternConfidence } from '../../algorithms/pattern-confidence.ts'
import { checkBoolean, checkCount, checkName, checkNumber, checkOneOf, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { PatternUsageTable } from '../../tables/pattern-usage.ts'
import { type PatternRow, PatternsTable } from '../../tables/patterns.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'
import {
  detailsIn,
  type FailurePattern,
  failureType,
  MIN_SUCCESS_RATE,
  type Pattern,
  strategyType,
  toFailurePattern,
  toPattern,
} from './pattern.ts'

/** What must be above the threshold for a strategy to become a pattern. */
export const DISCOVERY_RULES = ['lower-bound', 'rate'] as const

/**
 * What must be above the threshold for a strategy to become a pattern: the lower bound of the 95 % Wilson interval of its success
 * rate (of strategies with a true rate of 0.6, 2 % ever pass 0.7), or the rate itself, as agentic-qe documents it (57 % pass within
 * 50 uses). @useDeclaredType
 */
export type DiscoveryRule = (typeof DISCOVERY_RULES)[number]

/** When a strategy becomes a pattern. */
export interface Discovery {
  /** What must be above `minSuccessRate`. Default: `lower-bound`; in `LearningEngine` and `BaseAgent`: `rate`. */
  readonly rule?: DiscoveryRule
  /** The threshold, in [0, 1]. Default: 0.7. */
  readonly minSuccessRate?: number
  /** Minimum number of uses. Default: 5. */
  readonly minUses?: number
}

/** One use of a strategy. */
export interface StrategyUse {
  /** The agent that used the strategy. */
  readonly agentId: string
  /** The type of the task. */
  readonly taskType: string
  /** The strategy; equal data is the same strategy. */
  readonly strategy: JsonValue
  /** Whether the task succeeded. */
  readonly success: boolean
  /** Duration of the task. */
  readonly executionTimeMs?: number
  /** The root cause of a failure. */
  readonly rootCause?: string
  /** A mitigation of the failure. */
  readonly mitigation?: string
  /** When the strategy becomes a pattern: a rule, or a rule with its thresholds. Default: `lower-bound`. */
  readonly discovery?: DiscoveryRule | Discovery
}

/** Counts of a strategy after one more use. */
export interface UsedStrategy {
  /** Number of uses by the agent for tasks of this type. */
  readonly uses: number
  /** Number of successful uses. */
  readonly successes: number
  /** The pattern; undefined if the strategy has not become one. */
  readonly pattern: Pattern | undefined
  /** Whether the strategy became a pattern by this use. */
  readonly discovered: boolean
  /** The failure pattern of the task type, if the use failed. */
  readonly failure: FailurePattern | undefined
}

export interface CheckedUse extends Omit<StrategyUse, 'strategy' | 'discovery'> {
  /** JSON with sorted names. */
  readonly strategy: string
  readonly discovery: Required<Discovery>
}

const FIELDS = [
  'agentId',
  'taskType',
  'strategy',
  'success',
  'executionTimeMs',
  'rootCause',
  'mitigation',
  'discovery',
] as const
const DISCOVERY_FIELDS = ['rule', 'minSuccessRate', 'minUses'] as const

/** @throws INVALID_ARGUMENT */
export function checkUse(use: StrategyUse): CheckedUse {
  const { strategy, discovery = {}, ...rest } = checkOptions(use, 'a use', FIELDS)
  const {
    rule = 'lower-bound',
    minSuccessRate = MIN_SUCCESS_RATE,
    minUses = 5,
  } = checkOptions(typeof discovery === 'string' ? { rule: discovery } : discovery, 'discovery', DISCOVERY_FIELDS)
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
    strategy: toJson(strategy),
    discovery: {
      rule: checkOneOf(rule, 'discovery', DISCOVERY_RULES),
      minSuccessRate: checkNumber(minSuccessRate, 'minSuccessRate', 0, 1),
      minUses: checkCount(minUses, 'minUses', 1),
    },
  }
}

/** Counts a use. Call it inside a transaction. A pattern whose success rate falls again keeps its row, and lacks evidence. */
export function recordUse(core: Core, use: CheckedUse): UsedStrategy {
  const patterns = new PatternsTable(core.connection)
  const usage = new PatternUsageTable(core.connection)
  const { agentId, success } = use
  const patternType = strategyType(use.taskType)
  const time = isoTime(core.now())
  const known = patterns.find(agentId, patternType, use.strategy)
  // A strategy that is not a pattern yet has no row: its newest use holds its counts.
  const name = `${agentId}|${patternType}|${use.strategy}`
  const before = known ? { uses: known.usageCount, successes: known.successCount } : countsIn(usage.lastContext(name))
  const uses = before.uses + 1
  const successes = before.successes + (success ? 1 : 0)
  const counted = {
    patternType,
    patternData: use.strategy,
    agentId,
    usageCount: uses,
    successCount: successes,
    successRate: successes / uses,
    confidence: patternConfidence(successes, uses - successes),
    lastUsed: time,
  }
  const { rule, minUses, minSuccessRate } = use.discovery
  const rate = rule === 'rate' ? counted.successRate : wilsonLowerBound(successes, uses)
  const discovered = !known && uses >= minUses && rate > minSuccessRate
  const id = known?.id ?? (discovered ? patterns.insert(counted) : undefined)
  if (known) patterns.update({ ...counted, id: known.id })
  if (discovered) usage.rename(name, String(id))
  const { executionTimeMs: ms } = use
  usage.append({
    patternId: id === undefined ? name : String(id),
    agentId,
    context: JSON.stringify({ uses, successes }),
    success,
    executionTimeMs: ms === undefined ? null : Math.round(ms),
    errorMessage: use.rootCause ?? null,
    usedAt: time,
  })
  const pattern = id === undefined ? undefined : toPattern({ ...counted, id }, minSuccessRate)
  return { uses, successes, pattern, discovered, failure: success ? undefined : recordFailure(patterns, use, time) }
}

function recordFailure(patterns: PatternsTable, use: CheckedUse, time: string): FailurePattern {
  const { agentId, rootCause, mitigation } = use
  const patternType = failureType(use.taskType)
  const known = patterns.findType(agentId, patternType)
  const details = {
    ...(known ? detailsIn(known.patternData) : {}),
    ...(rootCause === undefined ? {} : { rootCause }),
    ...(mitigation === undefined ? {} : { mitigation }),
  }
  const usageCount = (known?.usageCount ?? 0) + 1
  const row: Omit<PatternRow, 'id'> = {
    patternType,
    patternData: JSON.stringify(details),
    agentId,
    usageCount,
    successCount: 0,
    successRate: 0,
    confidence: patternConfidence(usageCount, 0),
    lastUsed: time,
  }
  const id = known?.id ?? patterns.insert(row)
  if (known) patterns.update({ ...row, id })
  return toFailurePattern({ ...row, id })
}

function countsIn(context: string | undefined): { readonly uses: number; readonly successes: number } {
  return context === undefined ? { uses: 0, successes: 0 } : JSON.parse(context)
}
