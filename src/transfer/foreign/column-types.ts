import { DEEPEST } from '../../algorithms/keys/plain-data.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { msIn, sqlTime } from '../../tables/sql-time.ts'
import { isRepresentable } from '../../times.ts'

/** The type of a source's column: the accepted values, and their conversion to values of this store. */
export interface ColumnType {
  /** Description for messages: `a finite number`. */
  readonly what: string
  /** Converts a value; returns undefined for an invalid one. A missing column is null. */
  readonly parse: (value: SqlValue) => SqlValue | undefined
}

const isText = (value: SqlValue): value is string => typeof value === 'string' && value.isWellFormed()
const isFiniteNumber = (value: SqlValue): value is number => typeof value === 'number' && Number.isFinite(value)

export const text: ColumnType = columnType('text', isText)
/** Non-empty text without NUL: the form of names and ids in this store. */
export const name: ColumnType = columnType('a name', (value) => isText(value) && value !== '' && !value.includes('\0'))
/** JSON text, or a number: in a column of declared type JSON, SQLite stores numeric text as a number. */
export const json: ColumnType = columnType(
  'JSON',
  (value) => isFiniteNumber(value) || (isText(value) && isPlainJson(value)),
)
/** JSON text; other text becomes a JSON string. */
export const jsonOrText: ColumnType = {
  what: 'text',
  parse: (value) => (isText(value) && !isPlainJson(value) ? JSON.stringify(value) : json.parse(value)),
}
export const number: ColumnType = columnType('a finite number', isFiniteNumber)
export const integer: ColumnType = columnType('an integer', (value) => Number.isSafeInteger(value))
export const count: ColumnType = columnType('a count', (value) => Number.isSafeInteger(value) && Number(value) >= 0)
/** 32-bit floats, little-endian, finite and not all 0. */
export const vector: ColumnType = columnType(
  'a vector of 32-bit floats',
  (value) => value instanceof Uint8Array && isVector(value),
)
export const flag: ColumnType = columnType('0 or 1', (value) => value === 0 || value === 1)
export const rate: ColumnType = columnType(
  'a number from 0 to 1',
  (value) => isFiniteNumber(value) && value >= 0 && value <= 1,
)

/** A number that is moved into the range from 0 to 1. */
export const clampedRate: ColumnType = {
  what: 'a finite number',
  parse: (value) => (isFiniteNumber(value) ? Math.min(1, Math.max(0, value)) : undefined),
}

/** A time, converted to ms since the epoch, from text or a number of seconds or ms. */
export const instant: ColumnType = {
  what: 'a time',
  parse: (value) => {
    const at = msIn(value)
    return at === undefined || !isRepresentable(at) ? undefined : Math.floor(at)
  },
}

/** A time, converted to ms since the epoch, from such a number or from UTC text. */
export const ms: ColumnType = {
  what: 'a time',
  parse: (value) => (Number.isSafeInteger(value) ? value : typeof value === 'string' ? msIn(value) : undefined),
}

/** A time, converted to the form of DATETIME columns, from text or a number. */
export const time: ColumnType = {
  what: 'a time',
  parse: (value) => {
    const at = msIn(value)
    return at === undefined || !isRepresentable(at) ? undefined : sqlTime(at)
  },
}

/** A time in the form of DATETIME columns; null for anything else, where a row is worth having without it. */
export const timeIfAny: ColumnType = { what: 'anything', parse: (value) => time.parse(value) ?? null }

export function oneOf(...words: readonly string[]): ColumnType {
  return columnType(`one of ${words.join(', ')}`, (value) => isText(value) && words.includes(value))
}

/** A nullable column type. */
export function maybe({ what, parse }: ColumnType): ColumnType {
  return { what: `${what} or null`, parse: (value) => (value === null ? null : parse(value)) }
}

/** A column type with a default: null becomes `otherwise`. */
export function or({ what, parse }: ColumnType, otherwise: SqlValue): ColumnType {
  return { what, parse: (value) => (value === null ? otherwise : parse(value)) }
}

/** Parses JSON text that is plain data; returns undefined for anything else. */
export function parsedJson(value: SqlValue | undefined): unknown {
  if (typeof value !== 'string') return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return depthOf(parsed) <= DEEPEST ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Parses the JSON text of an object; returns an empty object for anything else. */
export function parsedObject(value: SqlValue | undefined): { readonly [name: string]: unknown } {
  const parsed = parsedJson(value)
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {}
}

function columnType(what: string, is: (value: SqlValue) => boolean): ColumnType {
  return { what, parse: (value) => (is(value) ? value : undefined) }
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

/** The depth of plain data; it stops counting one level above the limit. */
function depthOf(value: unknown, level = 0): number {
  if (typeof value !== 'object' || value === null || level > DEEPEST) return level
  let deepest = level + 1
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, level + 1))
  return deepest
}
