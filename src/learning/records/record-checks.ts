import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkBoolean, checkCount, checkFinite, checkList, checkName, checkOneOf, checkTime } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { checkLifetime } from './lifetimes.ts'

/** Checks the value of a field of this kind (see `Column`). @throws INVALID_ARGUMENT */
export function checkField(value: unknown, kind: string | readonly string[], what: string): unknown {
  if (typeof kind !== 'string') return checkOneOf(value, what, kind)
  if (kind.endsWith('?')) return value === null ? null : checkField(value, kind.slice(0, -1), what)
  switch (kind) {
    case 'name':
      return checkName(value, what)
    case 'text':
      return value === '' ? value : checkName(value, what)
    case 'count':
      return checkCount(value, what, 0)
    case 'datetime':
    case 'epoch':
      return checkTime(value, what)
    case 'lifetime':
      return checkLifetime(value, what)
    case 'number':
      return checkFinite(value, what)
    case 'flag':
      return checkBoolean(value, what)
    case 'names':
      return checkList(value, what).map((name) => checkName(name, what))
    default:
      return checkPlain(value, what)
  }
}

/** @returns a copy of plain data, with names in their order. @throws INVALID_ARGUMENT */
export function checkPlain(value: unknown, what: string): JsonValue {
  keyOf(value as JsonValue, what)
  return JSON.parse(JSON.stringify(value)) as JsonValue
}
