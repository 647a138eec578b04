import { checkBoolean, checkList, checkObject, invalid } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { JsonValue } from '../json-value.ts'

/** Operators on a field of JSON data; all given ones must hold. */
export interface JsonOperators {
  /** Equals this value; objects regardless of the order of their names. */
  readonly $eq?: JsonValue
  /** Does not equal this value, or is missing. */
  readonly $ne?: JsonValue
  /** Is greater. Numbers, and text of numbers, compare as numbers, other text by code units; nothing else compares. */
  readonly $gt?: number | string
  /** Is greater or equal. */
  readonly $gte?: number | string
  /** Is less. */
  readonly $lt?: number | string
  /** Is less or equal. */
  readonly $lte?: number | string
  /** Equals one of these values. */
  readonly $in?: readonly JsonValue[]
  /** Equals none of these values, or is missing. */
  readonly $nin?: readonly JsonValue[]
  /** Whether the field exists. */
  readonly $exists?: boolean
}

/**
 * A filter of JSON data: conditions by field, all of which must hold. The name of a field is a path, `a.b` or `list.0`; a field whose
 * own name has dots comes first. A condition is a value to equal, an object of operators, or an object of conditions on the fields
 * below.
 */
export interface JsonFilter {
  readonly [path: string]: JsonValue | JsonOperators | JsonFilter
}

/** Whether the value of a field, undefined if it is missing, satisfies an operator. */
type Operator = (value: JsonValue | undefined, operand: JsonValue) => boolean

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', (value, operand) => isEqual(value, operand)],
  ['$ne', (value, operand) => !isEqual(value, operand)],
  ['$gt', (value, operand) => order(value, operand) > 0],
  ['$gte', (value, operand) => order(value, operand) >= 0],
  ['$lt', (value, operand) => order(value, operand) < 0],
  ['$lte', (value, operand) => order(value, operand) <= 0],
  ['$in', (value, operand) => Array.isArray(operand) && operand.some((one: JsonValue) => isEqual(value, one))],
  ['$nin', (value, operand) => Array.isArray(operand) && !operand.some((one: JsonValue) => isEqual(value, one))],
  ['$exists', (value, operand) => (value !== undefined) === operand],
])
const ORDERING = ['$gt', '$gte', '$lt', '$lte']

/** Checks a filter of plain data. @throws INVALID_ARGUMENT for an unknown operator, or an operand of another type */
export function checkJsonFilter(filter: JsonFilter, what: string): JsonFilter {
  for (const [path, condition] of Object.entries(checkObject(filter, what)))
    checkCondition(condition, `${what}.${path}`)
  return filter
}

/** Whether JSON data satisfies all conditions of a checked filter. */
export function matchesJson(data: JsonValue, filter: JsonFilter): boolean {
  return Object.entries(filter).every(([path, condition]) => holds(valueAt(data, path), condition as JsonValue))
}

function checkCondition(condition: unknown, what: string): void {
  if (condition === undefined) throw invalid(what, 'a value, operators or conditions', condition)
  if (!isObject(condition)) return
  const names = Object.keys(condition)
  if (!names.some((name) => name.startsWith('$'))) {
    checkJsonFilter(condition, what)
    return
  }
  for (const [name, operand] of Object.entries(condition)) {
    if (!OPERATORS.has(name)) {
      throw new StoreError(
        'INVALID_ARGUMENT',
        `Expected ${what} to have only operators ${[...OPERATORS.keys()].join(', ')}, got ${name}`,
      )
    }
    if (operand === undefined) throw invalid(`${what}.${name}`, 'a value', operand)
    if (name === '$in' || name === '$nin') checkList(operand, `${what}.${name}`)
    if (name === '$exists') checkBoolean(operand, `${what}.${name}`)
    if (ORDERING.includes(name) && typeof operand !== 'number' && typeof operand !== 'string') {
      throw invalid(`${what}.${name}`, 'a number or text', operand)
    }
  }
}

function holds(value: JsonValue | undefined, condition: JsonValue): boolean {
  if (!isObject(condition)) return isEqual(value, condition)
  const entries = Object.entries(condition)
  if (entries.some(([name]) => name.startsWith('$'))) {
    return entries.every(([name, operand]) => OPERATORS.get(name)?.(value, operand as JsonValue) ?? false)
  }
  return isObject(value) && matchesJson(value, condition as JsonFilter)
}

/** The value at a path of own properties; undefined if there is none. */
function valueAt(data: JsonValue, path: string): JsonValue | undefined {
  if (isObject(data) && Object.hasOwn(data, path)) return data[path]
  let value: JsonValue | undefined = data
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    // `length` is an own property of an array.
    if (Array.isArray(value) && !/^\d+$/.test(name)) return undefined
    value = (value as { readonly [name: string]: JsonValue | undefined })[name]
  }
  return value
}

function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => isEqual(one, b[i]))
  }
  const [one, other] = [a, b] as { readonly [name: string]: JsonValue }[]
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(one?.[name], other?.[name]))
  )
}

/** Negative, 0 or positive as for sorting; NaN if the values do not compare. */
function order(a: JsonValue | undefined, b: JsonValue): number {
  const [one, other] = [numberOf(a), numberOf(b)]
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other
  if (typeof a !== 'string' || typeof b !== 'string') return Number.NaN
  return a < b ? -1 : Number(a > b)
}

function numberOf(value: JsonValue | undefined): number {
  if (typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value)
  return typeof value === 'number' ? value : Number.NaN
}

function isObject(value: unknown): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
