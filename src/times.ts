/** Times as the API takes and returns them: ISO 8601 in UTC with milliseconds, `2026-01-31T12:00:00.000Z`. As text they sort by time. */

/** What a time reads as that another program left out or wrote unreadably. */
export const UNKNOWN_TIME = '1970-01-01T00:00:00.000Z'

const EARLIEST_MS = Date.parse('0000-01-01T00:00:00.000Z')
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z')
const LENGTH = UNKNOWN_TIME.length

/** The time as text. A year outside 0000 to 9999 becomes the nearest time inside. @param ms since the epoch. */
export function isoTime(ms: number): string {
  if (Number.isNaN(ms)) return UNKNOWN_TIME
  return new Date(Math.min(LATEST_MS, Math.max(EARLIEST_MS, ms))).toISOString()
}

/** Whether a time lies in the years 0000 to 9999, those that text can hold. @param ms since the epoch. */
export function isRepresentable(ms: number): boolean {
  return ms >= EARLIEST_MS && ms <= LATEST_MS
}

/** Whether `isoTime` could have returned this value. */
export function isIsoTime(value: unknown): value is string {
  if (typeof value !== 'string' || value.length !== LENGTH) return false
  const ms = Date.parse(value)
  // A day that its month lacks is read as one of the next month.
  return !Number.isNaN(ms) && isoTime(ms) === value
}

/** The time in ms since the epoch. */
export function msOfTime(time: string): number {
  return Date.parse(time)
}
