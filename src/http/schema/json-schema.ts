import { MAX_NAME_LENGTH } from '../../json-schema/limits.ts'
import type { JsonType, Schema } from '../../json-schema/schema.ts'

export type { Schema }

/** Any JSON. */
export function anyJson(description: string): Schema {
  return { description }
}

/** A text. @param limits default: any length */
export function text(description: string, limits: Pick<Schema, 'minLength' | 'maxLength' | 'default'> = {}): Schema {
  return { type: 'string', ...limits, description }
}

/** An id or another name. */
export function name(description: string): Schema {
  return text(description, { minLength: 1, maxLength: MAX_NAME_LENGTH })
}

/** A time in ISO 8601 in UTC. */
export function time(description: string): Schema {
  return text(`${description} ISO 8601 in UTC, such as 2026-01-31T12:00:00.000Z.`)
}

/** A finite number. */
export function number(
  description: string,
  limits: Pick<Schema, 'minimum' | 'exclusiveMinimum' | 'maximum' | 'default'> = {},
): Schema {
  return { type: 'number', ...limits, description }
}

/** An integer of at least 0. */
export function count(description: string, limits: Pick<Schema, 'minimum' | 'maximum' | 'default'> = {}): Schema {
  return { type: 'integer', minimum: 0, ...limits, description }
}

/** True or false. */
export function flag(description: string, byDefault?: boolean): Schema {
  return { type: 'boolean', ...(byDefault === undefined ? {} : { default: byDefault }), description }
}

/** One of some texts. */
export function oneOf(description: string, texts: readonly string[], byDefault?: string): Schema {
  return { type: 'string', enum: texts, ...(byDefault === undefined ? {} : { default: byDefault }), description }
}

/** A list. */
export function list(description: string, items: Schema, limits: Pick<Schema, 'minItems' | 'maxItems'> = {}): Schema {
  return { type: 'array', items, ...limits, description }
}

/** The same, or null. */
export function orNull(schema: Schema): Schema {
  if (schema.title !== undefined || schema.type === undefined) return { anyOf: [schema, { type: 'null' }] }
  return { ...schema, type: [schema.type, 'null'].flat() as readonly JsonType[] }
}

/** An object of any properties. */
export function anyObject(description: string): Schema {
  return { type: 'object', description }
}

/** An object with a schema for every property of a type, and no others. @param required default: all */
export function object<T extends object>(
  properties: { readonly [K in keyof T]-?: Schema },
  required: readonly (keyof T & string)[] = Object.keys(properties) as (keyof T & string)[],
): Schema {
  return { type: 'object', properties, required, additionalProperties: false }
}

/** The same schema as a component of the OpenAPI document. */
export function component(title: string, description: string, schema: Schema): Schema {
  return { title, description, ...schema }
}
