import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { keyOf } from './keys.ts'
import { DEEPEST } from './plain-data.ts'

type PlainObject = { [name: string]: JsonValue }

/** Returns the value of a key that `keyOf` made, with sorted names. @throws INVALID_ARGUMENT if the text is not a key. */
export function parseKey(key: string): JsonValue {
  if (typeof key !== 'string')
    throw new StoreError('INVALID_ARGUMENT', `Expected a key, got a value of type ${typeof key}`)
  const reader = new KeyReader(key)
  const value = reader.value()
  if (!reader.atEnd) throw reader.error('the end of the key')
  // A text can be readable and still not be the canonical form of its value.
  if (keyOf(value, 'key') !== key)
    throw new StoreError('INVALID_ARGUMENT', `Expected a key, got \`${key.slice(0, 40)}\``)
  return value
}

class KeyReader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** An object, an array or a scalar, up to the end of the text or a closing parenthesis. */
  value(): JsonValue {
    const start = this.#at
    const path = this.#isEmptyObject() ? undefined : this.#path()
    this.#at = start
    return path ? this.#object() : this.#list()
  }

  #object(): PlainObject {
    const object: PlainObject = {}
    do {
      const path = this.#path()
      if (!path) throw this.error('a name and a colon')
      put(object, path, this.#list())
    } while (this.#take('|'))
    return object
  }

  /** One item, or several separated by commas. A trailing comma makes a list of one item, a lone comma an empty list. */
  #list(): JsonValue {
    if (this.#take(',')) return []
    const items = [this.#item()]
    if (this.#peek() !== ',') return items[0] ?? null
    while (this.#take(',')) {
      if (this.#atStop()) return items
      items.push(this.#item())
    }
    return items
  }

  #item(): JsonValue {
    if (this.#peek() === '(') return this.#nested()
    const quoted = this.#take('"')
    const { text, plain } = this.#run('|:,"()')
    if (quoted) {
      if (!this.#take('"')) throw this.error('a closing quote')
      return text
    }
    return plain ? scalar(text) : text
  }

  #nested(): JsonValue {
    this.#take('(')
    if (this.#take(')')) return {}
    if (++this.#depth > DEEPEST) throw this.error(`at most ${DEEPEST} levels`)
    const value = this.value()
    this.#depth--
    if (!this.#take(')')) throw this.error('a closing parenthesis')
    return value
  }

  /** The parts of the dotted name before a colon; undefined if no name follows. */
  #path(): string[] | undefined {
    const path: string[] = []
    do {
      if (this.#peek() === '"' && this.#text[this.#at + 1] === '"') {
        this.#at += 2
        path.push('')
      } else path.push(this.#run('|:,"().').text)
    } while (this.#take('.'))
    if (!this.#take(':')) return undefined
    // `put` is recursive, so the depth must be limited here.
    if (path.length > DEEPEST + 1) throw this.error(`at most ${DEEPEST} levels`)
    return path
  }

  /** Reads characters up to one of `stops`; `plain` is true if none was escaped. */
  #run(stops: string): { text: string; plain: boolean } {
    let text = ''
    let plain = true
    for (let c = this.#peek(); c !== undefined && !stops.includes(c); c = this.#peek()) {
      this.#at++
      if (c !== '\\') {
        text += c
        continue
      }
      plain = false
      const next = this.#text[this.#at++]
      if (next === undefined) throw this.error('a character after the backslash')
      text += next === '0' ? '\0' : next
    }
    return { text, plain }
  }

  #isEmptyObject(): boolean {
    return this.#text.startsWith('()', this.#at)
  }

  #atStop(): boolean {
    const next = this.#peek()
    return next === undefined || next === '|' || next === ')'
  }

  #peek(): string | undefined {
    return this.#text[this.#at]
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  error(expected: string): StoreError {
    const got = this.atEnd ? 'its end' : `\`${this.#text.slice(this.#at, this.#at + 20)}\``
    return new StoreError('INVALID_ARGUMENT', `Expected ${expected} at character ${this.#at} of the key, got ${got}`)
  }
}

function scalar(text: string): JsonValue {
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

/** Defines the property instead of assigning it: `__proto__` must be an ordinary name. */
function put(object: PlainObject, path: readonly string[], value: JsonValue): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
    return
  }
  const inner = Object.hasOwn(object, name) ? object[name] : undefined
  // The name already has a value: the text is not a key, which the comparison at the end of `parseKey` detects.
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) put(object, [name], {})
  put(object[name] as PlainObject, rest, value)
}
