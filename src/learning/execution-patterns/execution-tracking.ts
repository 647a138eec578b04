import { wilsonLowerBound } from '../../algorithms/intervals.ts'
import { timeDecay } from '../../algorithms/statistics.ts'
import { checkOptions, checkPositive } from '../../checks.ts'
import type { ExecutionPatternRow } from '../../tables/execution-patterns.ts'

/** How fast older runs stop to count. */
export interface TrackOptions {
  /** After so many days a run counts half; 30 unless given. */
  readonly halfLifeDays?: number
}

const HALF_LIFE_DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1000

/** In days. @throws INVALID_ARGUMENT */
export function halfLifeOf(options: TrackOptions): number {
  const { halfLifeDays = HALF_LIFE_DAYS } = checkOptions(options, 'the options', ['halfLifeDays'])
  return checkPositive(halfLifeDays, 'halfLifeDays', Number.MAX_VALUE)
}

/** How much what was last updated then still weighs. @param updatedAt, @param now in seconds since the epoch. */
export function decaySince(updatedAt: number, now: number, halfLifeDays: number): number {
  return timeDecay((now - updatedAt) * 1000, halfLifeDays * DAY_MS)
}

/** How sure it is that such a run succeeds: 95 % sure that it is at least that likely. Wilson (1927). */
export function confidenceOfRuns(successRate: number, decayedCount: number): number {
  // Rounding may carry a mean of ones past 1.
  return wilsonLowerBound(Math.min(1, successRate) * decayedCount, decayedCount)
}

/**
 * All runs of one kind, with one run more: means of time and success in which older runs weigh less, confidence by what is
 * known of them, and everything else as in the newest run.
 */
export function withRun(
  known: ExecutionPatternRow | undefined,
  run: Omit<ExecutionPatternRow, 'id' | 'decayedCount'>,
  halfLifeDays: number,
): Omit<ExecutionPatternRow, 'id'> {
  const kept = known ? (known.decayedCount ?? 0) * decaySince(known.updatedAt, run.updatedAt, halfLifeDays) : 0
  const decayedCount = kept + 1
  const mean = (before: number, now: number): number => before + (now - before) / decayedCount
  const successRate = mean(known?.successRate ?? 0, run.successRate)
  return {
    ...run,
    executionTime: mean(known?.executionTime ?? 0, run.executionTime),
    successRate: Math.min(1, successRate),
    confidenceScore: confidenceOfRuns(successRate, decayedCount),
    createdAt: known?.createdAt ?? run.createdAt,
    usageCount: (known?.usageCount ?? 0) + 1,
    decayedCount,
  }
}
