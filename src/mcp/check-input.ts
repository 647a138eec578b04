import { invalid } from '../checks.ts'
import { checkJson } from '../json-schema/check.ts'
import type { JsonSchema, ValueOf } from './json-schema.ts'
import { MAX_JSON_DEPTH, MAX_JSON_LENGTH } from './limits.ts'

/**
 * Checks a value by its schema; what that leaves free has the limits of all values.
 * @param what the name of the value, for the error
 * @throws INVALID_ARGUMENT
 */
export function checkInput<S extends JsonSchema>(schema: S, value: unknown, what: string): ValueOf<S> {
  checkJson(schema, value, what, checkFree)
  return value as ValueOf<S>
}

function checkFree(value: unknown, what: string): void {
  if (isDeeperThan(MAX_JSON_DEPTH, value)) {
    throw invalid(what, `nested at most ${MAX_JSON_DEPTH} lists and objects deep`, 'deeper data')
  }
  const { length } = JSON.stringify(value) ?? ''
  if (length > MAX_JSON_LENGTH) throw invalid(what, `at most ${MAX_JSON_LENGTH} characters of JSON`, `${length}`)
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner))
}
