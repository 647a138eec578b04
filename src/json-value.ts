/**
 * Plain JSON data: states, actions, metadata and JSON columns. Numbers are finite; an undefined property counts as
 * absent.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** Plain JSON data of named properties. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined
}

/** What is no JSON data, by what the compiler's error calls it. */
interface NotJson {
  readonly 'a bigint': bigint
  readonly 'a symbol': symbol
  readonly undefined: undefined
  readonly 'a function': (...args: never[]) => unknown
  readonly 'a Date': Date
  readonly 'a RegExp': RegExp
  readonly 'a Map or Set': ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
  readonly 'a Promise': PromiseLike<unknown>
  readonly bytes: ArrayBuffer | ArrayBufferView
}

type NotJsonIn<T> = unknown extends T
  ? 'unknown data'
  : { [What in keyof NotJson]: [Extract<T, NotJson[What]>] extends [never] ? never : What }[keyof NotJson]

/**
 * What `T` must extend to be plain JSON data: `T extends Jsonable<T>`. Unlike `JsonValue` it accepts an interface, which
 * has no index signature; it refuses functions, symbols, bigints, dates, maps, sets, promises and bytes.
 */
export type Jsonable<T> = [T] extends [JsonValue]
  ? JsonValue
  : [NotJsonIn<T>] extends [never]
    ? null | boolean | number | string | { readonly [K in keyof T]: JsonableItem<T, T[K]> }
    : `Expected JSON data, got ${NotJsonIn<T>}`

/** Only a property may be undefined, an item of a list may not. */
type JsonableItem<T, Item> = T extends readonly unknown[]
  ? Jsonable<Item>
  : undefined extends Item
    ? Jsonable<Exclude<Item, undefined>> | undefined
    : Jsonable<Item>
