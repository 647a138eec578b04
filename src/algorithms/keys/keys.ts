import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { DEEPEST, describe } from './plain-data.ts'

/** Strings that need no escaping and cannot be read as another value: most of them. */
const ORDINARY = /^(?!(?:true|false|null|Infinity)$)[A-Za-z_][\w /-]*$/
/** The characters with a meaning in keys, and NUL, which ends C strings. */
const SPECIAL = /[\\|:,"()\0]/g
const SPECIAL_IN_NAME = /[\\|:,"().\0]/g
/**
 * The task state and the action of agentic-qe's persistence document, whose keys are not sorted by name. In an object that has
 * all of these names, they come first, in this order.
 */
const PRINTED: readonly (readonly string[])[] = [
  ['complexity', 'capabilities', 'attempts'],
  ['strategy', 'parallelization'],
]

/**
 * The key of a state or an action: `name:value` pairs joined by `|`, sorted by name (those of `PRINTED` first), nested names
 * dotted, array items joined by `,`. A bare string or number is its own key. Different values have different keys, and
 * `parseKey` returns the value. An array of one item ends in a comma (`a,`), an empty array is `,`; arrays and objects inside an
 * array, and empty objects, are in parentheses.
 * @throws INVALID_ARGUMENT if the value is not plain data.
 */
export function keyOf(value: JsonValue, what = 'value'): string {
  return write(value, what, 0)
}

/** A copy with sorted names and without undefined properties, so that equal data gives equal JSON. */
export function canonical(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value === 0 ? 0 : value
  if (isArray(value)) return value.map(canonical)
  return Object.fromEntries(entriesOf(value).map(([name, inner]) => [name, canonical(inner)]))
}

function write(value: JsonValue, what: string, depth: number): string {
  if (value === null || typeof value !== 'object') return writeScalar(value, what)
  if (depth > DEEPEST) throw tooDeep(what)
  if (isArray(value)) {
    const items = Array.from(value, (item) => writeNested(item, what, depth + 1))
    return items.length > 1 ? items.join(',') : `${items.join('')},`
  }
  const pairs: [string, string][] = []
  collect(value, '', pairs, what, depth)
  if (pairs.length === 0) return '()'
  return ordered(pairs)
    .map(([name, text]) => `${name}:${text}`)
    .join('|')
}

function ordered(pairs: [name: string, text: string][]): readonly [name: string, text: string][] {
  pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  const printed = PRINTED.find((names) => names.every((name) => pairs.some(([one]) => one === name)))
  if (!printed) return pairs
  const rank = (name: string): number => (printed.includes(name) ? printed.indexOf(name) : printed.length)
  return pairs.sort(([a], [b]) => rank(a) - rank(b))
}

function collect(
  object: { readonly [name: string]: JsonValue | undefined },
  prefix: string,
  pairs: [string, string][],
  what: string,
  depth: number,
): void {
  if (depth > DEEPEST) throw tooDeep(what)
  checkPlain(object, what)
  for (const [name, value] of entriesOf(object)) {
    if (!name.isWellFormed()) throw invalid(what, 'names of well-formed Unicode', 'a lone surrogate')
    const path = prefix + (ORDINARY.test(name) ? name : name === '' ? '""' : name.replace(SPECIAL_IN_NAME, escaped))
    const inner = value !== null && typeof value === 'object' && !isArray(value)
    if (inner && entriesOf(value).length > 0) collect(value, `${path}.`, pairs, what, depth + 1)
    else pairs.push([path, write(value, what, depth + 1)])
  }
}

function writeNested(value: JsonValue, what: string, depth: number): string {
  const text = write(value, what, depth)
  return value !== null && typeof value === 'object' && text !== '()' ? `(${text})` : text
}

function writeScalar(value: unknown, what: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(what, 'finite numbers', String(value))
    return String(value === 0 ? 0 : value)
  }
  if (typeof value !== 'string') throw invalid(what, 'plain data', describe(value))
  if (ORDINARY.test(value)) return value
  if (!value.isWellFormed()) throw invalid(what, 'strings of well-formed Unicode', 'a lone surrogate')
  const text = value.replace(SPECIAL, escaped)
  return readsAsOther(value) ? `"${text}"` : text
}

/** Whether a bare string would be read as a number, a boolean, null or nothing. */
function readsAsOther(text: string): boolean {
  return /^(?:true|false|null|\s*)$/.test(text) || !Number.isNaN(Number(text))
}

function escaped(character: string): string {
  return character === '\0' ? '\\0' : `\\${character}`
}

function checkPlain(object: object, what: string): void {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) throw invalid(what, 'plain data', describe(object))
}

/** The defined properties, sorted by name. */
function entriesOf(object: { readonly [name: string]: JsonValue | undefined }): [string, JsonValue][] {
  const entries: [string, JsonValue][] = []
  for (const name of Object.keys(object).sort()) {
    const value = object[name]
    if (value !== undefined) entries.push([name, value])
  }
  return entries
}

function isArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function invalid(what: string, expected: string, got: string): StoreError {
  return new StoreError('INVALID_ARGUMENT', `Expected ${what} to hold ${expected}, got ${got}`)
}

function tooDeep(what: string): StoreError {
  const expected = `plain data at most ${DEEPEST} levels deep`
  return new StoreError('TOO_LARGE', `Expected ${what} to hold ${expected}, got deeper or circular data`)
}
