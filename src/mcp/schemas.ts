import { MAX_ACTIONS, MAX_NAME_LENGTH } from '../json-schema/limits.ts'
import type { AnySchema, ArraySchema, JsonSchema, NullableSchema, NumberSchema, ObjectSchema } from './json-schema.ts'
import { MAX_LIMIT } from './limits.ts'

/** A name, such as the id of an agent. */
export interface NameSchema {
  readonly type: 'string'
  readonly description: string
  readonly minLength: number
  readonly maxLength: number
}

/** A list of actions. */
export interface ActionsSchema extends ArraySchema {
  readonly items: AnySchema
}

export function name(description: string): NameSchema {
  return { type: 'string', description, minLength: 1, maxLength: MAX_NAME_LENGTH }
}

export function actions(description: string): ActionsSchema {
  return { type: 'array', description, items: { description: 'An action: any JSON value.' }, maxItems: MAX_ACTIONS }
}

export function nullable(schema: JsonSchema): NullableSchema {
  return { anyOf: [schema, { type: 'null' }] }
}

/** An object of a result. Later versions may add properties. */
export function result(
  properties: { readonly [name: string]: JsonSchema },
  optional: readonly string[] = [],
): ObjectSchema {
  return { type: 'object', properties, required: Object.keys(properties).filter((one) => !optional.includes(one)) }
}

export const AGENT_ID: NameSchema = name('The id of the agent.')
export const STATE: AnySchema = {
  description: 'The state that the agent is in: any JSON value, best a small object of what matters for the choice.',
}
export const ACTION: AnySchema = { description: 'The action: any JSON value.' }
export const METADATA: ObjectSchema = {
  type: 'object',
  description: 'A JSON object that is stored with it, such as a trace id, model or cost; at most 16 KiB.',
}
export const LIMIT: NumberSchema = {
  type: 'integer',
  description: 'Maximum number of items. Default: 20.',
  minimum: 1,
  maximum: MAX_LIMIT,
}
export const OFFSET: NumberSchema = {
  type: 'integer',
  description: 'Number of items to skip. Default: 0.',
  minimum: 0,
}
export const DEFAULT_LIMIT = 20

/** The interval of an estimate. */
export const INTERVAL: ObjectSchema = {
  type: 'object',
  description: 'A 95 % confidence interval.',
}
