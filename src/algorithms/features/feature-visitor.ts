import type { JsonValue } from '../../json-value.ts'
import { clamped } from '../clamped.ts'
import type { FeatureKind, FeatureKinds } from './feature-kinds.ts'
import { isCategory, isText } from './text-features.ts'

/** Receives what plain data consists of, in an order that does not depend on the order of names. */
export interface FeatureVisitor {
  /** A finite number. */
  number(path: string, value: number): void
  /** A boolean, null, or a string, as text. */
  category(path: string, value: string): void
  text(path: string, value: string): void
  /** An embedding: numbers that mean something only together. */
  vector(path: string, values: readonly number[]): void
}

/** The path of a state that is not an object. Names of fields begin a parenthesis with a backslash, so it is not one of them. */
export const STATE = '(state)'
/** The path of an action. */
export const ACTION = '(action)'

/** A longer list of numbers is an embedding, a shorter one is a number for each position. */
const MOST_NUMBERS = 16

/** Visits the features of a state. @param state plain data */
export function visitState(state: JsonValue, kinds: FeatureKinds | undefined, visitor: FeatureVisitor): void {
  if (isObject(state)) visitFields(state, '', kinds, undefined, visitor)
  else visit(state, STATE, kinds, undefined, visitor)
}

/** Visits the features of an action. Their names differ from those of a state. @param action plain data */
export function visitAction(action: JsonValue, kinds: FeatureKinds | undefined, visitor: FeatureVisitor): void {
  visit(action, ACTION, kinds, undefined, visitor)
}

function visit(
  value: JsonValue,
  path: string,
  kinds: FeatureKinds | undefined,
  above: FeatureKind | undefined,
  visitor: FeatureVisitor,
): void {
  const kind = kinds?.get(path) ?? above
  if (kind === 'ignore') return
  if (isObject(value)) visitFields(value, `${path}.`, kinds, kind, visitor)
  else if (isList(value)) visitList(value, path, kinds, kind, visitor)
  else visitScalar(value, path, kind, visitor)
}

function visitFields(
  object: { readonly [name: string]: JsonValue | undefined },
  prefix: string,
  kinds: FeatureKinds | undefined,
  above: FeatureKind | undefined,
  visitor: FeatureVisitor,
): void {
  for (const name of Object.keys(object).sort()) {
    const value = object[name]
    if (value !== undefined) visit(value, prefix + escaped(name), kinds, above, visitor)
  }
}

/** The words of a list are a set of categories; its other items are features by their positions. */
function visitList(
  list: readonly JsonValue[],
  path: string,
  kinds: FeatureKinds | undefined,
  kind: FeatureKind | undefined,
  visitor: FeatureVisitor,
): void {
  const isVector = kind === 'vector' || (kind === undefined && list.length > MOST_NUMBERS)
  if (isVector && list.every((item) => typeof item === 'number')) {
    visitor.vector(path, list.map(clamped))
    return
  }
  const words = new Set<string>()
  for (const [i, item] of list.entries()) {
    if (typeof item !== 'string' || kind === 'number') visit(item, `${path}[${i}]`, kinds, kind, visitor)
    else if (!words.has(item)) visitScalar(item, path, kind, visitor)
    if (typeof item === 'string') words.add(item)
  }
}

function visitScalar(
  value: string | number | boolean | null,
  path: string,
  kind: FeatureKind | undefined,
  visitor: FeatureVisitor,
): void {
  if (kind === 'number' || (typeof value === 'number' && kind !== 'category' && kind !== 'text')) {
    const number = numberOf(value)
    if (number !== undefined) {
      visitor.number(path, clamped(number))
      return
    }
  }
  // A name of two words is both: it may recur as a whole, and its words in others.
  const text = String(value)
  if (kind === 'category' || (kind !== 'text' && (typeof value !== 'string' || isCategory(text)))) {
    visitor.category(path, text)
  }
  if (kind === 'text' || (kind !== 'category' && typeof value === 'string' && isText(text))) visitor.text(path, text)
}

/** A number, or what a field that is declared as one holds: a boolean or a numeral; undefined for anything else. */
function numberOf(value: string | number | boolean | null): number | undefined {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** Escapes the characters with a meaning in the names of features, so that different fields have different names. */
function escaped(name: string): string {
  return /^\w+$/.test(name) ? name : name.replace(/[\\.=~"[(]/g, '\\$&')
}

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
