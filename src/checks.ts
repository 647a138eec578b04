import { StoreError } from './errors.ts'

/** Checks at the door: each answers its argument as what it should be, or throws INVALID_ARGUMENT with expected and got. */

export function invalid(what: string, expected: string, got: unknown): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected ${what} to be ${expected}, got ${shown(got)}`)
}

/** A name is a non-empty string of well-formed Unicode without NUL. */
export function checkName(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.includes('\0') || !value.isWellFormed()) {
    throw invalid(what, 'a non-empty string', value)
  }
  return value
}

export function checkNumber(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw invalid(what, `a number from ${least} to ${most}`, value)
  }
  return value
}

/** A rate that must not be 0. */
export function checkPositive(value: unknown, what: string, most: number): number {
  if (typeof value !== 'number' || !(value > 0 && value <= most)) {
    throw invalid(what, `a number above 0 and at most ${most}`, value)
  }
  return value
}

export function checkFinite(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(what, 'a finite number', value)
  return value
}

/** A learned value: rewards may be so large that it would leave the range of numbers. */
export function checkLearned(value: number): number {
  if (!Number.isFinite(value)) throw invalid('rewards', 'small enough to keep values finite', value)
  return value
}

export function checkCount(value: unknown, what: string, least: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw invalid(what, `an integer of at least ${least}`, value)
  }
  return value as number
}

/** The number of a row, also where it travelled as text. */
export function checkRowId(value: unknown, what: string): number {
  const id = typeof value === 'string' && /^[1-9]\d*$/.test(value) ? Number(value) : value
  if (!Number.isSafeInteger(id) || (id as number) < 1) {
    throw invalid(what, 'a positive integer, or one in decimal digits', value)
  }
  return id as number
}

export function checkBoolean(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw invalid(what, 'true or false', value)
  return value
}

export function checkOneOf<T extends string>(value: unknown, what: string, names: readonly T[]): T {
  if (!names.includes(value as T)) throw invalid(what, `one of ${names.join(', ')}`, value)
  return value as T
}

export function checkList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(what, 'a list', value)
  return value
}

/** An object with no other names than these; a misspelled option must not be taken for an absent one. */
export function checkOptions<T extends object>(value: T, what: string, names: readonly (keyof T & string)[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(what, 'an object', value)
  for (const name in value) {
    if (!names.includes(name)) {
      throw new StoreError('INVALID_ARGUMENT', `Expected ${what} to have only ${names.join(', ')}, got ${name}`)
    }
  }
  return value
}

/** A value as a reader of an error should see it: short, and never its whole content. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 40)}…"` : JSON.stringify(value)
  if (value === null || ['number', 'boolean', 'undefined', 'bigint'].includes(typeof value)) return String(value)
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
