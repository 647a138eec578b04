import { checkBoolean, checkList, checkObject, checkOneOf, invalid } from '../checks.ts'
import type { ArraySchema, JsonSchema, NumberSchema, ObjectSchema, StringSchema, ValueOf } from './json-schema.ts'
import { MAX_JSON_DEPTH, MAX_JSON_LENGTH } from './limits.ts'

/**
 * Checks a value by its schema. The keywords of `JsonSchema` are known, and no other.
 * @param what the name of the value, for the error
 * @throws INVALID_ARGUMENT
 */
export function checkInput<S extends JsonSchema>(schema: S, value: unknown, what: string): ValueOf<S> {
  check(schema, value, what)
  return value as ValueOf<S>
}

function check(schema: JsonSchema, value: unknown, what: string): unknown {
  if ('anyOf' in schema) return value === null ? value : check(schema.anyOf[0], value, what)
  if (!('type' in schema)) return checkPlain(value, what)
  switch (schema.type) {
    case 'string':
      return checkString(schema, value, what)
    case 'number':
    case 'integer':
      return checkNumber(schema, value, what)
    case 'boolean':
      return checkBoolean(value, what)
    case 'array':
      return checkArray(schema, value, what)
    case 'object':
      return checkProperties(schema, value, what)
  }
}

function checkString(schema: StringSchema, value: unknown, what: string): string {
  if (schema.enum) return checkOneOf(value, what, schema.enum)
  const { minLength = 0, maxLength = MAX_JSON_LENGTH } = schema
  if (typeof value === 'string' && value.length >= minLength && value.length <= maxLength) return value
  throw invalid(what, `a string of ${minLength} to ${maxLength} characters`, value)
}

function checkNumber({ type, minimum, maximum }: NumberSchema, value: unknown, what: string): number {
  const [low, high] = [minimum ?? Number.NEGATIVE_INFINITY, maximum ?? Number.POSITIVE_INFINITY]
  const isWhole = type === 'number' || Number.isSafeInteger(value)
  if (isWhole && typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high) return value
  const bounds = [minimum === undefined ? '' : `at least ${minimum}`, maximum === undefined ? '' : `at most ${maximum}`]
  const expected = [type === 'integer' ? 'an integer' : 'a finite number', bounds.filter(Boolean).join(' and ')]
  throw invalid(what, expected.filter(Boolean).join(' of '), value)
}

function checkArray({ items, minItems = 0, maxItems }: ArraySchema, value: unknown, what: string): readonly unknown[] {
  const list = checkList(value, what)
  if (list.length < minItems || list.length > (maxItems ?? list.length)) {
    const most = maxItems === undefined ? 'or more' : `to ${maxItems}`
    throw invalid(what, `a list of ${minItems} ${most} items`, `${list.length} items`)
  }
  for (const [i, item] of list.entries()) check(items, item, `${what}[${i}]`)
  return list
}

function checkProperties({ properties, required = [] }: ObjectSchema, value: unknown, what: string): object {
  const given = checkObject(value, what) as object
  if (!properties) return checkPlain(given, what)
  const wrong = Object.keys(given).find((name) => !Object.hasOwn(properties, name))
  if (wrong !== undefined) throw invalid(what, `an object with only ${Object.keys(properties).join(', ')}`, wrong)
  for (const [name, schema] of Object.entries(properties)) {
    const property: unknown = Reflect.get(given, name)
    if (property !== undefined) check(schema, property, name)
    else if (required.includes(name)) throw invalid(name, `given in ${what}`, property)
  }
  return given
}

function checkPlain<T>(value: T, what: string): T {
  if (isDeeperThan(MAX_JSON_DEPTH, value)) {
    throw invalid(what, `nested at most ${MAX_JSON_DEPTH} lists and objects deep`, 'deeper data')
  }
  const { length } = JSON.stringify(value) ?? ''
  if (length > MAX_JSON_LENGTH) throw invalid(what, `at most ${MAX_JSON_LENGTH} characters of JSON`, `${length}`)
  return value
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner))
}
