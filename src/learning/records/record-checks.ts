import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { checkBoolean, checkCount, checkFinite, checkList, checkName, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { checkLifetime } from './lifetimes.ts'

/** A value as a field of this kind keeps it (see `Column`). @throws INVALID_ARGUMENT */
export function checkField(value: unknown, kind: string | readonly string[], what: string): unknown {
  if (typeof kind !== 'string') {
    if (typeof value !== 'string' || !kind.includes(value)) throw invalid(what, `one of ${kind.join(', ')}`, value)
    return value
  }
  if (kind.endsWith('?')) return value === null ? null : checkField(value, kind.slice(0, -1), what)
  switch (kind) {
    case 'name':
      return checkName(value, what)
    case 'text':
      return value === '' ? value : checkName(value, what)
    case 'count':
      return checkCount(value, what, 0)
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

/** A copy of plain data that is the same for equal data. @throws INVALID_ARGUMENT */
export function checkPlain(value: unknown, what: string): JsonValue {
  keyOf(value as JsonValue, what)
  return canonical(value as JsonValue)
}
