import { StoreError } from '../../errors.ts'

/** The character before the fraction of numbers in CSV. */
export const DECIMALS = ['.', ','] as const
export type Decimal = (typeof DECIMALS)[number]

/** What pandas and R, PostgreSQL and MySQL, and spreadsheets write for a missing value. */
const MISSING: ReadonlySet<string> = new Set([
  '',
  'NaN',
  'nan',
  '-NaN',
  '-nan',
  'NaT',
  'None',
  'NULL',
  'null',
  'NA',
  '<NA>',
  'N/A',
  'n/a',
  '#N/A',
  '\\N',
])
const INFINITE = /^[+-]?(?:inf|infinity|∞)$/i
const POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i
/** A list or an object of JSON, or what was meant as one. */
const STRUCTURED = /^(?:\[.*\]|\{.*\}|\{\s*["'].*)$/s
/** A whole number, which is written alike with either decimal character. */
const WHOLE = /^[+-]?\d+$/

/** Whether a cell holds no value. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim())
}

/** The text of a cell; null if it holds none. Inverse of `markedName`. */
export function nameIn(cell: string): string | null {
  if (MISSING.has(cell)) return null
  return isMarked(cell) ? cell.slice(1) : cell
}

/** A name as a cell that `nameIn` reads again: an apostrophe marks what would count as missing. */
export function markedName(name: string): string {
  return MISSING.has(name) || isMarked(name) ? `'${name}` : name
}

/** Whether a cell is a word for a missing value after apostrophes. */
function isMarked(cell: string): boolean {
  return cell.startsWith("'") && MISSING.has(cell.replace(/^'+/, ''))
}

/**
 * The number in a cell, which may be infinite; undefined if the cell holds anything else.
 * @param at the position of the cell, for messages. @throws INVALID_ARGUMENT for a number with another decimal character.
 */
export function numberIn(cell: string, decimal: Decimal, at: string): number | undefined {
  const text = cell.trim()
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (WHOLE.test(text)) return Number(text)
  if ((decimal === ',' ? COMMA : POINT).test(text)) return Number(text.replace(',', '.'))
  if (!(decimal === ',' ? POINT : COMMA).test(text)) return undefined
  const advice =
    decimal === ','
      ? 'the option decimal says that a comma stands before the fraction'
      : "if the comma stands before the fraction, pass decimal: ',' (--decimal ,)"
  const expected = `Expected ${at}, to be a number with a decimal ${decimal === ',' ? 'comma' : 'point'}, got "${cell.slice(0, 40)}"`
  throw new StoreError(
    'INVALID_ARGUMENT',
    `${expected}; ${advice}. Thousands separators are not read, and a text is written in quotes, as JSON`,
  )
}

/** The boolean that a cell holds as a word or as 1 or 0; otherwise the cell, for the check to refuse. */
export function flagIn(cell: string): unknown {
  const text = cell.trim().toLowerCase()
  if (/^(?:true|t|1|1\.0)$/.test(text)) return true
  return /^(?:false|f|0|0\.0)$/.test(text) ? false : cell
}

/**
 * The plain data in a cell: JSON, a number, a boolean, or a text without quotes. Whole numbers that would lose digits and those with
 * leading zeros are texts: such columns hold ids.
 * @throws INVALID_ARGUMENT for a list or an object that is not JSON, and as `numberIn` does.
 */
export function plainIn(cell: string, decimal: Decimal, at: string): unknown {
  const text = cell.trim()
  if (text === 'null') return null
  if (isMissing(text)) return undefined
  if (STRUCTURED.test(text)) return jsonIn(text, at)
  if (text.startsWith('"')) return quotedIn(text)
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (/^[+-]?0\d/.test(text)) return text
  const number = numberIn(text, decimal, at)
  if (number === undefined) return text
  const isExact = !WHOLE.test(text) || Number.isSafeInteger(number) || String(number) === text
  return isExact ? number : text
}

/** The text in quotes of JSON; a text that only begins with a quote is one without them. */
function quotedIn(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

/** Parses a cell of JSON. @throws INVALID_ARGUMENT */
export function jsonIn(cell: string, at: string): unknown {
  try {
    return JSON.parse(cell)
  } catch (cause) {
    const got = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell
    const message = `Expected JSON in ${at}: ${got} is not JSON, in which names and texts are in double quotes`
    throw new StoreError('INVALID_ARGUMENT', message, { cause })
  }
}

/** A time in seconds, milliseconds, microseconds or nanoseconds since 1970, in ms: from 1973 on, its digits tell the unit. */
function epochMs(number: number): number | undefined {
  if (number < 1e8) return undefined
  for (const [below, perMs] of [
    [1e11, 1e-3],
    [1e14, 1],
    [1e17, 1e3],
    [1e20, 1e6],
  ] as const) {
    if (number < below) return Math.floor(number / perMs)
  }
  return undefined
}

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(?:(Z|UTC|GMT)|([+-]\d\d):?(\d\d)?))?)?$/i

/** A time as ISO 8601, if a cell holds one in a form of pandas, databases and spreadsheets, or as a number; otherwise the cell. */
export function timeIn(cell: string): string {
  const text = cell.trim()
  if (/^\d{9,19}(?:\.\d*)?$/.test(text)) {
    const ms = epochMs(Number(text))
    if (ms !== undefined) return new Date(ms).toISOString()
  }
  const [, date, minute = '00:00', second = '00', fraction = '0', , hours, minutes = '00'] = TIME.exec(text) ?? []
  if (date === undefined) return cell
  return `${date}T${minute}:${second}.${fraction}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`
}
