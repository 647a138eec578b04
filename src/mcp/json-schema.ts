import type { JsonValue } from '../json-value.ts'

/** Any plain data. */
export interface AnySchema {
  readonly description: string
}

/** A string. */
export interface StringSchema {
  readonly type: 'string'
  readonly description?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly enum?: readonly string[]
}

/** A number. */
export interface NumberSchema {
  readonly type: 'number' | 'integer'
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** True or false. */
export interface BooleanSchema {
  readonly type: 'boolean'
  readonly description?: string
}

/** A list. */
export interface ArraySchema {
  readonly type: 'array'
  readonly description?: string
  readonly items: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
}

/** An object; one without `properties` may have any. */
export interface ObjectSchema {
  readonly type: 'object'
  readonly description?: string
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: false
}

/** A value that may be null. */
export interface NullableSchema {
  readonly description?: string
  readonly anyOf: readonly [JsonSchema, { readonly type: 'null' }]
}

/** The part of JSON Schema (2020-12) that the tools use. */
export type JsonSchema =
  | AnySchema
  | StringSchema
  | NumberSchema
  | BooleanSchema
  | ArraySchema
  | ObjectSchema
  | NullableSchema

type ObjectOf<P, R> = { readonly [K in keyof P as K extends R ? K : never]: ValueOf<P[K]> } & {
  readonly [K in keyof P as K extends R ? never : K]?: ValueOf<P[K]>
}

/** The type of the values that a schema describes. */
export type ValueOf<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'number' | 'integer' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? readonly ValueOf<I>[]
          : S extends { readonly type: 'object'; readonly properties: infer P; readonly required?: infer R }
            ? ObjectOf<P, R extends readonly (infer K)[] ? K : never>
            : S extends { readonly type: 'object' }
              ? { readonly [name: string]: JsonValue }
              : JsonValue
