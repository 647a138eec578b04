import { StoreError } from './errors.ts'
import { LIMITS, tooLarge } from './limits.ts'
import { isIsoTime } from './times.ts'

/**
 * Checks of arguments. Each returns its argument with its type, or throws INVALID_ARGUMENT with the expected and the
 * actual value.
 */

export function invalid(what: string, expected: string, got: unknown): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected ${what} to be ${expected}, got ${shown(got)}`)
}

/** Checks a name: a non-empty string of well-formed Unicode without NUL. */
export function checkName(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.includes('\0') || !value.isWellFormed()) {
    throw invalid(what, 'a non-empty string', value)
  }
  return value
}

/** Checks a name that is an id or a key. @throws TOO_LARGE */
export function checkId(value: unknown, what: string): string {
  const id = checkName(value, what)
  if (id.length > LIMITS.idLength) throw tooLarge(what, LIMITS.idLength, 'characters')
  return id
}

export function checkNumber(value: unknown, what: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw invalid(what, `a number from ${min} to ${max}`, value)
  }
  return value
}

/** Checks a number in (0, max]. */
export function checkPositive(value: unknown, what: string, max: number): number {
  if (typeof value !== 'number' || !(value > 0 && value <= max)) {
    throw invalid(what, `a number above 0 and at most ${max}`, value)
  }
  return value
}

/** Checks a range `[low, high]` of finite width above 0. @throws INVALID_ARGUMENT */
export function checkRange(value: unknown, what: string): readonly [low: number, high: number] {
  const [low, high, ...rest]: unknown[] = Array.isArray(value) ? value : []
  const isPair = typeof low === 'number' && typeof high === 'number' && rest.length === 0
  if (isPair && low < high && Number.isFinite(high - low)) return [low, high]
  throw invalid(what, '[low, high], two finite numbers with low below high', value)
}

export function checkFinite(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(what, 'a finite number', value)
  return value
}

/** Checks a learned value: very large rewards would take it beyond the range of numbers. */
export function checkLearned(value: number): number {
  if (!Number.isFinite(value)) throw invalid('rewards', 'small enough to keep values finite', value)
  return value
}

export function checkCount(value: unknown, what: string, min: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < min) {
    throw invalid(what, `an integer of at least ${min}`, value)
  }
  return value as number
}

/** Checks the number of a row, also in decimal digits, as it travels in text formats. */
export function checkRowId(value: unknown, what: string): number {
  const id = typeof value === 'string' && /^[1-9]\d*$/.test(value) ? Number(value) : value
  if (!Number.isSafeInteger(id) || (id as number) < 1) {
    throw invalid(what, 'a positive integer, or one in decimal digits', value)
  }
  return id as number
}

/** A time in ISO 8601 in UTC with milliseconds. */
export function checkTime(value: unknown, what: string): string {
  if (!isIsoTime(value)) throw invalid(what, 'a time such as 2026-01-31T12:00:00.000Z', value)
  return value
}

export function checkBoolean(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw invalid(what, 'true or false', value)
  return value
}

export function checkOneOf<T extends string>(value: unknown, what: string, names: readonly T[]): T {
  if (!names.includes(value as T)) throw invalid(what, `one of ${names.join(', ')}`, value)
  return value as T
}

/** Checks that each callback, where given, is a function. */
export function checkCallbacks(callbacks: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(callbacks)) {
    if (value !== undefined && typeof value !== 'function') throw invalid(name, 'a function', value)
  }
}

export function checkList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(what, 'a list', value)
  return value
}

export function checkObject<T>(value: T, what: string): T & object {
  if (!isObject(value)) throw invalid(what, 'an object', value)
  return value
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Checks that an object has no unknown names: a misspelled option must not count as absent. */
export function checkOptions<T extends object>(value: T, what: string, names: readonly (keyof T & string)[]): T {
  for (const name in checkObject(value, what)) {
    if (!names.includes(name)) {
      throw new StoreError('INVALID_ARGUMENT', `Expected ${what} to have only ${names.join(', ')}, got ${name}`)
    }
  }
  return value
}

/** Formats a value for an error message: short, and never its whole content. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}…"` : JSON.stringify(value)
  if (value === null || ['number', 'boolean', 'undefined', 'bigint'].includes(typeof value)) return String(value)
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
