import type { Item, SearchItem, SearchOperation } from '@langchain/langgraph-checkpoint'
import { checkBoolean, checkCount, checkNumber, checkOneOf, checkOptions, invalid } from '../../checks.ts'
import type { AsyncStore, JsonFilter, MemoryEntry, SearchMemoryOptions } from '../../entry/exports.ts'
import { itemOf, keysBelow } from './langgraph-items.ts'
import { type NamedIndex, queryVectorOf } from './langgraph-vectors.ts'

export const SEARCH_MODES = ['auto', 'text', 'vector', 'hybrid'] as const

/**
 * How a query finds items: by words, by meaning, or by both. `auto` is by meaning with an index, and by words without one. @useDeclaredType
 */
export type SearchMode = (typeof SEARCH_MODES)[number]

/** What a search may say beyond LangGraph's BaseStore, with the names of its PostgresStore. */
export interface SearchSettings {
  /** How the query finds items. Default: that of the store. */
  readonly mode?: SearchMode
  /** Minimum cosine similarity of items that are found by meaning; 0 is none. Default: 0. */
  readonly similarityThreshold?: number
  /** The weight of meaning beside words in the mode `hybrid`, in [0, 1]. Default: 0.7. */
  readonly vectorWeight?: number
  /** Whether the found items begin their lifetimes again. Default: `refreshOnRead` of the store. */
  readonly refreshTtl?: boolean
}

/** A search with its settings, as an operation of `batch`. */
export type SettledSearch = SearchOperation & SearchSettings

/** A found item with its entry. */
export interface Found {
  readonly entry: MemoryEntry
  readonly item: Item
  readonly score: number | undefined
}

/** Where a search looks. */
export interface SearchScope {
  readonly memory: ReturnType<AsyncStore['memory']['as']>
  readonly partition: string
  readonly index: NamedIndex | undefined
  readonly mode: SearchMode
}

const FIELDS = [
  'namespacePrefix',
  'filter',
  'limit',
  'offset',
  'query',
  'mode',
  'similarityThreshold',
  'vectorWeight',
  'refreshTtl',
] as const

/** The items that a search finds: those of a query by their scores, others in the order of creation. @throws INVALID_ARGUMENT */
export async function searchItems(scope: SearchScope, operation: SettledSearch): Promise<Found[]> {
  const { namespacePrefix, filter, limit = 10, offset = 0, query } = checkOptions(operation, 'the search', FIELDS)
  const [from, to] = [checkCount(offset, 'offset', 0), offset + checkCount(limit, 'limit', 0)]
  if (operation.refreshTtl !== undefined) checkBoolean(operation.refreshTtl, 'refreshTtl')
  const mode = modeOf(scope, operation)
  const ranked = query ? await rankedItems(scope, operation, query, mode, to) : []
  // By default, as in LangGraph's InMemoryStore, items without vectors come after those with vectors.
  const isWhole = !query || (mode === 'vector' && (operation.mode ?? scope.mode) === 'auto')
  if (!isWhole || ranked.length >= to) return ranked.slice(from, to)
  const keys = new Set(ranked.map(({ entry }) => entry.key))
  const others = (await itemsBelow(scope, namespacePrefix, filter)).filter(({ entry }) => !keys.has(entry.key))
  return [...ranked, ...others].slice(from, to)
}

/** All items below this path, oldest first. */
export async function itemsBelow(
  { memory, partition }: SearchScope,
  prefix: readonly string[],
  filter: JsonFilter = {},
): Promise<Found[]> {
  const keys = keysBelow(prefix)
  const entries = await memory.list({ partition, keys, filter, limit: Number.MAX_SAFE_INTEGER })
  return entries
    .flatMap((entry) => foundOf(entry, prefix, undefined))
    .sort((a, b) => a.item.createdAt.getTime() - b.item.createdAt.getTime())
}

/** A found item as LangGraph has it. */
export function searchItemOf({ item, score }: Found): SearchItem {
  return { ...item, score } as SearchItem
}

function modeOf({ index, mode: usual }: SearchScope, { mode = usual, query }: SettledSearch): SearchMode {
  checkOneOf(mode, 'mode', SEARCH_MODES)
  if (mode === 'auto') return index ? 'vector' : 'text'
  if (query && mode !== 'text' && !index) throw invalid('mode', 'text or auto in a store without an index', mode)
  return mode
}

/** At least the first `count` items that a query finds, if there are as many. */
async function rankedItems(
  { memory, partition, index }: SearchScope,
  { namespacePrefix, filter, similarityThreshold = 0, vectorWeight = 0.7 }: SettledSearch,
  query: string,
  mode: SearchMode,
  count: number,
): Promise<Found[]> {
  const options: SearchMemoryOptions = {
    partition,
    keys: keysBelow(namespacePrefix),
    ...(filter && { filter }),
    ...(mode !== 'vector' && { text: query, fields: ['value'] }),
    ...(mode !== 'text' && index && { vector: await queryVectorOf(query, index), embedder: index.embedder }),
    minimum: checkNumber(similarityThreshold, 'similarityThreshold', -1, 1) || -1,
    vectorWeight: checkNumber(vectorWeight, 'vectorWeight', 0, 1),
  }
  // Entries that are no items are left out, so there may be too few.
  for (let limit = count; ; limit *= 2) {
    const hits = await memory.search({ ...options, limit })
    const found = hits.flatMap(({ entry, score }) => foundOf(entry, namespacePrefix, score))
    if (hits.length < limit || found.length >= count) return found
  }
}

function foundOf(entry: MemoryEntry, prefix: readonly string[], score: number | undefined): Found[] {
  const item = itemOf(entry, prefix)
  return item ? [{ entry, item, score }] : []
}
