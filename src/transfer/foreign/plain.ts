import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
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
