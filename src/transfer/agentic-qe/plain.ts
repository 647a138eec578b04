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
 * A state or an action as a source has it in a text: JSON, else what a readable key stands for, else the text itself.
 * Undefined where it is no plain data.
 */
export function plainOf(text: string): JsonValue | undefined {
  return firstOf([ofJson, ofKey, plainData], text)
}

/** The same for a key. It is tried as one first: a text may read as both. */
export function plainOfKey(text: string): JsonValue | undefined {
  return firstOf([ofKey, ofJson, plainData], text)
}

/** The value where it is plain data. */
export function plainData(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined
  try {
    keyOf(value as JsonValue)
    return value as JsonValue
  } catch {
    return undefined
  }
}

/** What the first reader makes of it that makes something of it: null is something. */
function firstOf(readers: readonly Reader[], text: string): JsonValue | undefined {
  for (const reader of readers) {
    const value = reader(text)
    if (value !== undefined) return value
  }
  return undefined
}
