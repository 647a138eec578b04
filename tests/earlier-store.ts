import type { AsyncStore, JsonValue, SqlValue } from '../src/entry/exports.ts'
import content from './fixtures/250af8a/content.json' with { type: 'json' }

/** A value of a row; bytes are hexadecimal digits. */
type Value = string | number | null | { readonly hex: string }

/** The rows of each table by its name; tables and columns keep their names in every version. */
export interface Content {
  readonly [table: string]: readonly { readonly [column: string]: Value }[]
}

/** What every fixture in `fixtures/250af8a` holds, as plain SQL read it from the version that wrote it. */
export const expected: Content = sorted(content)

/** What is kept under one key: a path, a key of IndexedDB or of a Durable Object's storage. */
export type Entry<Key> = readonly [key: Key, value: Uint8Array<ArrayBuffer> | JsonValue]

/** The entries of a fixture: gzipped JSON, in which bytes are `{ hex }`. */
export async function entriesOf<Key>(fixture: Blob): Promise<Entry<Key>[]> {
  const json = fixture.stream().pipeThrough(new DecompressionStream('gzip'))
  const entries = (await new Response(json).json()) as [Key, JsonValue | { hex: string }][]
  return entries.map(([key, value]) => [key, isHex(value) ? bytesOf(value.hex) : value])
}

/** What a store holds of the tables and columns that there were. What came later is left out, and the newest sequence. */
export async function contentOf(store: Pick<AsyncStore, 'query'>): Promise<Content> {
  const found: Record<string, Record<string, Value>[]> = {}
  for (const [table, [first = {}]] of Object.entries(expected)) {
    const names = Object.keys(first)
    const condition = table === 'store_meta' ? "WHERE key <> 'sequence'" : ''
    const { rows } = await store.query(`SELECT ${names.map((name) => `"${name}"`)} FROM "${table}" ${condition}`)
    found[table] = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, plain(row[i] ?? null)])))
  }
  return sorted(found)
}

/** The order of rows does not count. */
function sorted(tables: Content): Content {
  const byText = (one: object, other: object): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
  return Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.toSorted(byText)]))
}

function plain(value: SqlValue): Value {
  return value instanceof Uint8Array
    ? { hex: Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') }
    : value
}

function isHex(value: unknown): value is { readonly hex: string } {
  return typeof value === 'object' && value !== null && 'hex' in value
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}
