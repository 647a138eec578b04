import { invalid } from '../../checks.ts'
import { EMPTY_IMPORT, type ImportBatch } from '../../learning/maintenance/import-batch.ts'
import type { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { msIn, sqlTime } from '../../tables/sql-time.ts'
import { isRepresentable } from '../../times.ts'
import { checkTime } from '../fields.ts'

/** The agent and the task type of RuVector's data, which names neither. */
export const RUVECTOR = 'ruvector'

/**
 * Converts a time of RuVector, ISO 8601 or a number, to the form of DATETIME columns. Numbers below 1e11 are seconds since the epoch,
 * others milliseconds. @throws INVALID_ARGUMENT
 */
export function checkEventTime(value: unknown, what: string): string {
  if (typeof value !== 'number') return checkTime(value, what)
  const ms = msIn(value)
  if (ms === undefined || !isRepresentable(ms)) throw invalid(what, 'a time in seconds or ms since the epoch', value)
  return sqlTime(ms)
}

/** Converts the time of the last update of a value; null if there was none, which RuVector writes as 0. @throws INVALID_ARGUMENT */
export function checkUpdateTime(value: unknown, what: string): string | null {
  return value === undefined || value === null || value === 0 ? null : checkEventTime(value, what)
}

/** A batch with an agent of its own. */
export function batchOf(agentId: string, skipped: SkippedRecords): ImportBatch {
  return { ...EMPTY_IMPORT, agents: [{ id: agentId, configuration: {} }], skipped: skipped.list() }
}
