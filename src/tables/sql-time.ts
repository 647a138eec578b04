import type { SqlValue } from '../sql/connection.ts'
import { isoTime, msOfTime, UNKNOWN_TIME } from '../times.ts'

/**
 * Times in columns: UTC text in DATETIME columns, seconds or milliseconds since the epoch in REAL and INTEGER columns, as in
 * agentic-qe's persistence document and MCP-Agent's learning database document. The API has ISO text (see `times.ts`). Other programs
 * can write any form.
 */

const SQL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?$/
const TEXT = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/
const ZONE = /(Z|[+-]\d\d:?\d\d)$/
/** Numbers below it are seconds: 1e11 s is the year 5138, 1e11 ms is 1973. */
const LEAST_MS = 1e11

let lastSecond = Number.NaN
let lastText = ''

/** A time of a DATETIME column, UTC, `YYYY-MM-DD HH:MM:SS.SSS`. @param ms since the epoch. */
export function sqlTime(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second !== lastSecond) {
    lastText = toSqlTime(isoTime(second * 1000)).slice(0, 20)
    lastSecond = second
  }
  return lastText + String(Math.floor(ms - second * 1000)).padStart(3, '0')
}

/**
 * A bound for comparing the times of a DATETIME column by `<`. Earlier versions wrote no milliseconds, and such a text sorts before the
 * same second with `.000`: without `.000` in the bound, a whole second would be earlier than itself.
 */
export function sqlTimeBound(ms: number): string {
  return sqlTime(ms).replace(/\.000$/, '')
}

/** The same time without its milliseconds, as earlier rows have it. */
export function wholeSecond(time: string): string {
  return time.replace(/\.\d{3}$/, '')
}

/** The time of the API as a DATETIME column has it. */
export function toSqlTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 23)}`
}

/** The time of a DATETIME column as the API has it. */
export function fromSqlTime(column: SqlValue): string {
  if (typeof column === 'string' && SQL.test(column)) {
    const time = `${column.slice(0, 10)}T${column.length === 19 ? `${column.slice(11)}.000` : column.slice(11)}Z`
    return Number.isNaN(msOfTime(time)) ? UNKNOWN_TIME : time
  }
  return isoTime(msIn(column) ?? Number.NaN)
}

/** The time of a column of seconds since the epoch as the API has it. */
export function fromSeconds(column: SqlValue): string {
  return typeof column === 'number' ? isoTime(Math.round(column * 1000)) : fromSqlTime(column)
}

/** The time of the API in seconds since the epoch. */
export function toSeconds(time: string): number {
  return msOfTime(time) / 1000
}

/** The time of a column of milliseconds since the epoch as the API has it. */
export function fromMilliseconds(column: SqlValue): string {
  return typeof column === 'number' ? isoTime(column) : fromSqlTime(column)
}

/** A time in ms since the epoch, of UTC text, ISO text, or a number of seconds or ms; undefined for anything else. */
export function msIn(column: SqlValue): number | undefined {
  if (typeof column === 'number') {
    if (!Number.isFinite(column)) return undefined
    return Math.abs(column) < LEAST_MS ? column * 1000 : column
  }
  if (typeof column !== 'string' || !TEXT.test(column)) return undefined
  const text = column.replace(' ', 'T')
  const ms = Date.parse(ZONE.test(text) ? text : `${text}Z`)
  return Number.isNaN(ms) ? undefined : ms
}
