import { wilsonLowerBound } from '../../algorithms/intervals.ts'
import { timeDecay } from '../../algorithms/statistics.ts'
import { checkOptions, checkPositive } from '../../checks.ts'
import type { ExecutionPatternRow } from '../../tables/execution-patterns.ts'
import { msOfTime } from '../../times.ts'

/** Decay of older runs. */
export interface TrackOptions {
  /** The time after which a run counts half. Default: 30 days. */
  readonly halfLifeMs?: number
}

const HALF_LIFE_MS = 30 * 24 * 60 * 60 * 1000

/** @throws INVALID_ARGUMENT */
export function halfLifeOf(options: TrackOptions): number {
  const { halfLifeMs = HALF_LIFE_MS } = checkOptions(options, 'the options', ['halfLifeMs'])
  return checkPositive(halfLifeMs, 'halfLifeMs', Number.MAX_VALUE)
}

/** The weight of a pattern since its last update, in (0, 1]. @param updatedAt, @param now ISO 8601 in UTC. */
export function decaySince(updatedAt: string, now: string, halfLifeMs: number): number {
  return timeDecay(msOfTime(now) - msOfTime(updatedAt), halfLifeMs)
}

/** The lower bound of the 95 % interval of the success rate. Wilson (1927). */
export function confidenceOfRuns(successRate: number, decayedCount: number): number {
  // Rounding may lift a mean of ones above 1.
  return wilsonLowerBound(Math.min(1, successRate) * decayedCount, decayedCount)
}

/**
 * Adds a run to the pattern of its kind: decayed means of time and success, the confidence of both, and everything else
 * as in the newest run.
 */
export function withRun(
  known: ExecutionPatternRow | undefined,
  run: Omit<ExecutionPatternRow, 'id' | 'decayedCount'>,
  halfLifeMs: number,
): Omit<ExecutionPatternRow, 'id'> {
  const decayed = known ? (known.decayedCount ?? 0) * decaySince(known.updatedAt, run.updatedAt, halfLifeMs) : 0
  const decayedCount = decayed + 1
  const mean = (before: number, now: number): number => before + (now - before) / decayedCount
  const successRate = mean(known?.successRate ?? 0, run.successRate)
  return {
    ...run,
    executionTimeMs: mean(known?.executionTimeMs ?? 0, run.executionTimeMs),
    successRate: Math.min(1, successRate),
    confidenceScore: confidenceOfRuns(successRate, decayedCount),
    createdAt: known?.createdAt ?? run.createdAt,
    usageCount: (known?.usageCount ?? 0) + 1,
    decayedCount,
  }
}
