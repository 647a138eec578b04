import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonObject, JsonValue } from '../../json-value.ts'
import { parsedJson } from './column-types.ts'

type Reader = (text: string) => JsonValue | undefined

const ofJson: Reader = (text) => plainData(parsedJson(text))

const ofKey: Reader = (text) => {
  try {
    return parseKey(text)
  } catch {
    return undefined
  }
}

/**
 * Parses a state or an action: JSON, else a key, else the text itself. Returns undefined if the result is not plain data.
 */
export function plainOf(text: string): JsonValue | undefined {
  return firstOf([ofJson, ofKey, plainData], text)
}

/** Parses the key of a state or an action. Keys come first, because a text can be both JSON and a key. */
export function plainOfKey(text: string): JsonValue | undefined {
  return firstOf([ofKey, ofJson, plainData], text)
}

/** Returns the value if it is plain data. */
export function plainData(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined
  try {
    keyOf(value as JsonValue)
    return value as JsonValue
  } catch {
    return undefined
  }
}

/** The result of the first reader that succeeds; null is a result. */
function firstOf(readers: readonly Reader[], text: string): JsonValue | undefined {
  for (const reader of readers) {
    const value = reader(text)
    if (value !== undefined) return value
  }
  return undefined
}

/** Parses text that is a JSON object or list; other text stays text. */
export function structured(text: string): JsonValue {
  return (/^\s*[[{]/.test(text) ? ofJson(text) : undefined) ?? text
}

/** The object without the fields that are null, undefined or empty; null if none is left. */
export function withoutEmpty(fields: { readonly [name: string]: JsonValue | undefined }): JsonObject | null {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && !isEmpty(value))
  return given.length === 0 ? null : (Object.fromEntries(given) as JsonObject)
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** Returns the value if it is an object. */
export function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}
