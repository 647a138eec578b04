import { canonical, keyOf } from '../algorithms/keys/keys.ts'
import { invalid } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import { sqlTime } from '../tables/sql-time.ts'

/** Checks of what was parsed from JSON. Only own properties count, so that `__proto__` is a name like any other. */

export type JsonRecord = Readonly<Record<string, unknown>>

/** @throws INVALID_ARGUMENT */
export function checkRecord(value: unknown, what: string): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(what, 'an object', value)
  return value as JsonRecord
}

/** A state or an action, with its names sorted, and with -0 as 0. @throws INVALID_ARGUMENT */
export function checkPlain(value: unknown, what: string): JsonValue {
  keyOf(value as JsonValue, what)
  return canonical(value as JsonValue)
}

/** What `check` makes of a value; null where there is none. */
export function orNull<T>(value: unknown, check: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : check(value)
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/**
 * A time as `YYYY-MM-DD HH:MM:SS` in UTC, also of one in ISO 8601; parts of a second are cut off, and a time without a zone
 * is UTC. @throws INVALID_ARGUMENT
 */
export function checkTime(value: unknown, what: string): string {
  const [, date, time, zone = 'Z'] = (typeof value === 'string' && TIME.exec(value)) || []
  const utc = textOfTime(Date.parse(`${date}T${time}Z`))
  // A day that its month lacks is read as one of the next month.
  const found = utc === `${date} ${time}` ? textOfTime(Date.parse(`${date}T${time}${zone}`)) : undefined
  if (found === undefined) throw invalid(what, 'a time such as 2026-01-31 12:00:00 or 2026-01-31T12:00:00Z', value)
  return found
}

/** @param ms since the epoch, or NaN. */
function textOfTime(ms: number): string | undefined {
  const text = Number.isNaN(ms) ? '' : sqlTime(ms)
  return TIME.test(text) ? text : undefined
}
