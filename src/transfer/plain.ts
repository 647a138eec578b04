import { keyOf, type PlainValue } from '../algorithms/keys.ts'
import { parseKey } from '../algorithms/parse-key.ts'
import { parsedJson } from './kinds.ts'

/**
 * A state or an action as a source has it in a text: JSON, else what a readable key stands for, else the text itself.
 * Undefined where it is no plain data.
 */
export function plainOf(text: string): PlainValue | undefined {
  return plainData(parsedJson(text)) ?? ofKey(text) ?? plainData(text)
}

/** The same for a key. It is tried as one first: a text may read as both. */
export function plainOfKey(text: string): PlainValue | undefined {
  return ofKey(text) ?? plainData(parsedJson(text)) ?? plainData(text)
}

function ofKey(text: string): PlainValue | undefined {
  try {
    return parseKey(text)
  } catch {
    return undefined
  }
}

/** The value where it is plain data. */
export function plainData(value: unknown): PlainValue | undefined {
  if (value === undefined) return undefined
  try {
    keyOf(value as PlainValue)
    return value as PlainValue
  } catch {
    return undefined
  }
}
