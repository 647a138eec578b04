import { canonical, keyOf } from '../algorithms/keys/keys.ts'
import { invalid } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import { checkSize } from '../limits.ts'
import { sqlTime } from '../tables/sql-time.ts'
import { isIsoTime, isRepresentable } from '../times.ts'

/** An object parsed from JSON. Only own properties may be read: `__proto__` can be one. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** Checks for an object. @throws INVALID_ARGUMENT */
export function checkRecord(value: unknown, what: string): JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(what, 'an object', value)
  return value as JsonRecord
}

/** Checks a state or an action. @returns a copy with sorted names, and -0 as 0. @throws INVALID_ARGUMENT */
export function checkPlain(value: unknown, what: string): JsonValue {
  checkSize(value, what)
  keyOf(value as JsonValue, what)
  return canonical(value as JsonValue)
}

/** The result of `check`; null for null and undefined. */
export function orNull<T>(value: unknown, check: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : check(value)
}

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/**
 * Converts a time to the form of DATETIME columns, from that form or ISO 8601. Digits below a millisecond are dropped; a time without a
 * zone is UTC. @throws INVALID_ARGUMENT
 */
export function checkTime(value: unknown, what: string): string {
  const [, date, time, fraction = '', zone = 'Z'] = (typeof value === 'string' && TIME.exec(value)) || []
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone}`)
  // `Date.parse` reads February 30 as March 2: the day must survive a round trip.
  const isDay = isIsoTime(`${date}T${time}.000Z`)
  if (!isDay || !isRepresentable(ms)) {
    throw invalid(what, 'a time such as 2026-01-31 12:00:00 or 2026-01-31T12:00:00Z', value)
  }
  return sqlTime(ms)
}
