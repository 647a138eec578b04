import { invalid, isObject } from '../checks.ts'
import { StoreError } from '../errors.ts'
import type { JsonType, Schema } from './schema.ts'

/**
 * Checks parsed JSON against a schema. The store checks its arguments again, and more than a schema can say.
 * @param what the name of the value in messages; its properties go without a name that begins with `the`
 * @param checkFree checks what the schema leaves free: any JSON, objects of any properties, and texts of any length
 * @throws INVALID_ARGUMENT for the first difference
 */
export function checkJson(schema: Schema, value: unknown, what: string, checkFree: CheckFree = () => {}): void {
  const { anyOf, items } = schema
  if (anyOf) checkAnyOf(anyOf, value, what, checkFree)
  if (!isOfType(schema, value) || !isWithin(schema, value)) throw invalid(what, expected(schema), value)
  if (isFree(schema)) checkFree(value, what)
  if (items && Array.isArray(value)) value.forEach((item, i) => void checkJson(items, item, `${what}[${i}]`, checkFree))
  if (isObject(value)) checkProperties(schema, value, what, checkFree)
}

/** Checks a value that a schema leaves free. */
export type CheckFree = (value: unknown, what: string) => void

function isFree({ type, anyOf, properties, enum: names, maxLength }: Schema): boolean {
  if (type === undefined) return anyOf === undefined
  return (type === 'object' && !properties) || (type === 'string' && !names && maxLength === undefined)
}

function checkProperties(
  { required = [], properties = {}, additionalProperties = true }: Schema,
  value: object,
  what: string,
  checkFree: CheckFree,
): void {
  for (const [name, property] of Object.entries(value)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    if (schema === false) {
      const known = Object.keys(properties).join(', ')
      throw new StoreError('INVALID_ARGUMENT', `Expected ${what} to have only ${known}, got ${name.slice(0, 40)}`)
    }
    if (typeof schema === 'object') checkJson(schema, property, nameIn(what, name), checkFree)
  }
  const missing = required.find((name) => !Object.hasOwn(value, name))
  if (missing !== undefined) throw invalid(nameIn(what, missing), 'given', undefined)
}

/** The schema that fits best is the one whose check comes furthest; its message is the most useful. */
function checkAnyOf(schemas: readonly Schema[], value: unknown, what: string, checkFree: CheckFree): void {
  const errors: unknown[] = []
  for (const schema of schemas) {
    try {
      checkJson(schema, value, what, checkFree)
      return
    } catch (error) {
      if (isOfType(schema, value)) errors.unshift(error)
      else errors.push(error)
    }
  }
  throw errors[0]
}

function nameIn(what: string, name: string): string {
  return what.startsWith('the ') ? name : `${what}.${name}`
}

function isOfType({ type }: Schema, value: unknown): boolean {
  return type === undefined || [type].flat().some((one) => TYPES[one](value))
}

const TYPES: { readonly [type in JsonType]: (value: unknown) => boolean } = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: Number.isFinite,
  integer: Number.isSafeInteger,
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: isObject,
}

/** Limits apply only to values of their type. */
function isWithin(schema: Schema, value: unknown): boolean {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = schema
  const { minLength = 0, maxLength = Infinity, minItems = 0, maxItems = Infinity } = schema
  if (schema.enum && !schema.enum.some((one) => one === value)) return false
  if (typeof value === 'number') return value >= minimum && value > exclusiveMinimum && value <= maximum
  if (Array.isArray(value)) return value.length >= minItems && value.length <= maxItems
  if (typeof value !== 'string') return true
  // A character is a code point, as in JSON Schema.
  const length = [...value].length
  return length >= minLength && length <= maxLength
}

/** What a schema allows, for messages. */
function expected(schema: Schema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  const types = [schema.type ?? []].flat()
  return types.map((type) => phrase(type, schema)).join(' or ')
}

function phrase(type: JsonType, schema: Schema): string {
  const { minimum, exclusiveMinimum, maximum, minLength = 0, maxLength, minItems = 0, maxItems } = schema
  const above = exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`
  const from = minimum === undefined ? '' : ` of at least ${minimum}`
  const range = [`${above}${from}`, maximum === undefined ? '' : ` at most ${maximum}`].filter((one) => one !== '')
  switch (type) {
    case 'null':
      return 'null'
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `an integer${range.join(' and')}`
    case 'number':
      return `a finite number${range.join(' and')}`
    case 'string':
      return maxLength === undefined ? 'a string' : `a string of ${minLength} to ${maxLength} characters`
    case 'array':
      return maxItems === undefined ? 'a list' : `a list of ${minItems} to ${maxItems}`
    case 'object':
      return 'an object'
  }
}
