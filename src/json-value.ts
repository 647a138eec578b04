/**
 * Plain JSON data: states, actions, metadata and JSON columns. Numbers are finite; an undefined property counts as
 * absent.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** Plain JSON data of named properties. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined
}
