import type { GetOperation, Item } from '@langchain/langgraph-checkpoint'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkList, checkName, invalid } from '../../checks.ts'
import type { MemoryEntry } from '../../entry/exports.ts'
import type { JsonValue } from '../../json-value.ts'

/** The metadata of an item's entry. */
export interface ItemMetadata {
  readonly updatedAt: string
  /** The lifetime of the item; undefined if it has none. */
  readonly ttlMs?: number
}

/** The key of an item in the shared memory. */
export function keyIn({ namespace, key }: GetOperation): string {
  return JSON.stringify([namespace, key])
}

/** Matches the keys of all items below a path, which begin with the JSON of the path, and more if a label contains `*`. */
export function keysBelow(prefix: readonly string[]): string {
  return `[${JSON.stringify(prefix).slice(0, -1)}*`
}

/** The item of an entry; undefined if the entry is none, as other agents may write to the partition, or not below the path. */
export function itemOf(
  { key: path, value, metadata, createdAt }: MemoryEntry,
  prefix: readonly string[] = [],
): Item | undefined {
  const [namespace, key] = pathOf(path) ?? []
  if (namespace === undefined || key === undefined) return undefined
  if (!prefix.every((label, i) => namespace[i] === label)) return undefined
  const created = new Date(createdAt)
  const updated = new Date(fieldOf(metadata, 'updatedAt') ?? createdAt)
  return {
    namespace,
    key,
    value: value as Item['value'],
    createdAt: created,
    // `createdAt` is of the clock of the store, `updatedAt` of that of the options.
    updatedAt: updated > created ? updated : created,
  }
}

/** The lifetime that an item was put with, in ms; undefined if none is stored. */
export function lifetimeOf({ metadata }: MemoryEntry): number | undefined {
  const ttlMs = fieldOf(metadata, 'ttlMs')
  return typeof ttlMs === 'number' ? ttlMs : undefined
}

/** LangGraph checks the labels further, in the methods that call `batch`. @throws INVALID_ARGUMENT */
export function checkPath({ namespace, key }: GetOperation): void {
  const labels = checkList(namespace, 'the namespace')
  if (labels.length === 0) throw invalid('the namespace', 'a list of at least one label', labels)
  for (const label of labels) checkName(label, 'a label of the namespace')
  if (typeof key !== 'string') throw invalid('the key', 'a string', key)
}

/** The value after a round trip through JSON. @throws INVALID_ARGUMENT */
export function checkedValue(value: Item['value'] | null): Item['value'] | null {
  if (value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('the value of an item', 'an object', value)
  const plain = JSON.parse(JSON.stringify(value)) as { [name: string]: JsonValue }
  keyOf(plain, 'value')
  return plain
}

function pathOf(key: string): [namespace: string[], key: string] | undefined {
  try {
    const path = JSON.parse(key) as unknown
    if (!Array.isArray(path) || path.length !== 2) return undefined
    const [namespace, name] = path as unknown[]
    const isNamespace = Array.isArray(namespace) && namespace.every((label) => typeof label === 'string')
    return isNamespace && typeof name === 'string' ? [namespace as string[], name] : undefined
  } catch {
    // Not JSON.
    return undefined
  }
}

/** Version 0.1.0 wrote `updatedAt` in milliseconds; an entry that another agent set may have no metadata. */
function fieldOf(metadata: JsonValue, name: keyof ItemMetadata): string | number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !Object.hasOwn(metadata, name)) return undefined
  const value = (metadata as { readonly [name: string]: JsonValue | undefined })[name]
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}
