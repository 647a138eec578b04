import type { JsonValue } from '../../json-value.ts'
import { keyOf } from './keys.ts'

/** The key of JSON data. @throws SyntaxError, INVALID_ARGUMENT */
export function keyOfJson(json: string): string {
  return keyOf(JSON.parse(json) as JsonValue)
}

/** Returns a function that returns the key of JSON data and parses each distinct text once. */
export function memoizedKeyOfJson(): (json: string) => string {
  const keys = new Map<string, string>()
  return (json) => {
    const key = keys.get(json) ?? keyOfJson(json)
    keys.set(json, key)
    return key
  }
}
