import { DEEPEST } from '../../algorithms/keys/plain-data.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { sqlTime } from '../../tables/sql-time.ts'

/** What a column of a source may hold, and what becomes of it here. */
export interface Kind {
  /** For people: `a finite number`. */
  readonly what: string
  /** The value as it is kept here; undefined where the source's is none of this kind. A column that is missing is null. */
  readonly take: (value: SqlValue) => SqlValue | undefined
}

const UTC = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/
/** Times in seconds that say the same year as times in milliseconds are smaller by far: 1e11 s is the year 5138. */
const LEAST_MS = 1e11
/** What a JavaScript Date can hold, in ms. */
const LATEST_MS = 8.64e15

const isText = (value: SqlValue): value is string => typeof value === 'string' && value.isWellFormed()
const isFiniteNumber = (value: SqlValue): value is number => typeof value === 'number' && Number.isFinite(value)

export const text: Kind = kind('text', isText)
/** Text that can be a name here: not empty, and without NUL. */
export const name: Kind = kind('a name', (value) => isText(value) && value !== '' && !value.includes('\0'))
/** A column of the type JSON has SQLite keep a number as one. */
export const json: Kind = kind('JSON', (value) => isFiniteNumber(value) || (isText(value) && isPlainJson(value)))
export const number: Kind = kind('a finite number', isFiniteNumber)
export const integer: Kind = kind('an integer', (value) => Number.isSafeInteger(value))
export const count: Kind = kind('a count', (value) => Number.isSafeInteger(value) && Number(value) >= 0)
/** 32-bit floats, little-endian: finite, and not all of them 0. */
export const vector: Kind = kind('a vector of 32-bit floats', (value) => value instanceof Uint8Array && isVector(value))
/** 0 or 1. */
export const flag: Kind = kind('0 or 1', (value) => value === 0 || value === 1)
/** From 0 to 1. */
export const rate: Kind = kind('a number from 0 to 1', (value) => isFiniteNumber(value) && value >= 0 && value <= 1)

/** ms since the epoch, also where the source has UTC text. */
export const ms: Kind = { what: 'a time', take: (value) => (Number.isSafeInteger(value) ? value : msOf(value)) }

/** UTC, `YYYY-MM-DD HH:MM:SS`, also where the source has ISO text or a number. */
export const time: Kind = {
  what: 'a time',
  take: (value) => {
    const at = isFiniteNumber(value) ? (Math.abs(value) < LEAST_MS ? value * 1000 : value) : msOf(value)
    return at === undefined || Math.abs(at) > LATEST_MS ? undefined : sqlTime(at)
  },
}

export function oneOf(...words: readonly string[]): Kind {
  return kind(`one of ${words.join(', ')}`, (value) => isText(value) && words.includes(value))
}

/** The same, or null. */
export function maybe({ what, take }: Kind): Kind {
  return { what: `${what} or null`, take: (value) => (value === null ? null : take(value)) }
}

/** The same; null is taken for what the source's table has by default. */
export function or({ what, take }: Kind, otherwise: SqlValue): Kind {
  return { what, take: (value) => (value === null ? otherwise : take(value)) }
}

/** The value of a JSON text that is plain data; undefined where it is none. */
export function parsedJson(value: SqlValue | undefined): unknown {
  if (typeof value !== 'string') return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return depthOf(parsed) <= DEEPEST ? parsed : undefined
  } catch {
    return undefined
  }
}

/** The object of a JSON text; an empty one where it holds none. */
export function parsedObject(value: SqlValue | undefined): { readonly [name: string]: unknown } {
  const parsed = parsedJson(value)
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {}
}

function kind(what: string, is: (value: SqlValue) => boolean): Kind {
  return { what, take: (value) => (is(value) ? value : undefined) }
}

function isVector(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % 4 > 0) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const floats = Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
  return floats.every(Number.isFinite) && floats.some((float) => float !== 0)
}

function isPlainJson(value: string): boolean {
  return parsedJson(value) !== undefined
}

function msOf(value: SqlValue): number | undefined {
  if (typeof value !== 'string' || !UTC.test(value)) return undefined
  const iso = value.replace(' ', 'T')
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`)
  return Number.isNaN(at) ? undefined : at
}

/** Counted no further than one level too many. */
function depthOf(value: unknown, level = 0): number {
  if (typeof value !== 'object' || value === null || level > DEEPEST) return level
  let deepest = level + 1
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, level + 1))
  return deepest
}
