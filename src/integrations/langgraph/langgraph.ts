import {
  BaseStore,
  type GetOperation,
  type IndexConfig,
  type Item,
  type ListNamespacesOperation,
  type MatchCondition,
  type Operation,
  type OperationResults,
  type PutOperation,
  type SearchItem,
} from '@langchain/langgraph-checkpoint'
import { checkBoolean, checkCount, checkName, checkNumber, checkOneOf, checkOptions } from '../../checks.ts'
import type { AsyncStore, MemoryEmbedding, MemoryEntry } from '../../entry/exports.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { checkedValue, checkPath, type ItemMetadata, itemOf, keyIn, lifetimeOf } from './langgraph-items.ts'
import {
  itemsBelow,
  SEARCH_MODES,
  type SearchMode,
  type SearchScope,
  type SearchSettings,
  type SettledSearch,
  searchItemOf,
  searchItems,
} from './langgraph-search.ts'
import { embeddingsOf, type NamedIndex } from './langgraph-vectors.ts'

export type { SearchMode, SearchSettings }

/** The options of `LearningStoreMemory`. */
export interface LearningStoreMemoryOptions {
  /** The owner of the items in the shared memory, to whom they are private. Default: `langgraph`. */
  readonly agentId?: string
  /** The partition of the shared memory that holds them. Default: `langgraph`. */
  readonly partition?: string
  /** The lifetime of an item after it was last put, in milliseconds; 0 is forever. Default: 0. */
  readonly ttlMs?: number
  /** Whether items that are read begin their lifetimes again. Default: false. */
  readonly refreshOnRead?: boolean
  /** Makes `search` find by meaning: an embedder, and the fields that it reads. The vectors are stored with the items. */
  readonly index?: IndexConfig
  /** The name of the embedder, stored with its vectors. Default: the `model` of the embedder, or `langgraph`. */
  readonly embedder?: string
  /** How queries find items. Default: `auto`, by meaning with an index, and by words without one. */
  readonly mode?: SearchMode
  /** The current time for `updatedAt`, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/** Options of `put`, with the names of LangGraph's PostgresStore. */
export interface PutItemOptions {
  /** The lifetime of the item, in minutes; 0 is forever. Default: `ttlMs` of the store. */
  readonly ttl?: number
}

/** Statistics of the items, with the names of LangGraph's PostgresStore. */
export interface ItemStatistics {
  /** Number of items. */
  readonly totalItems: number
  /** Number of expired items among them: 0, because expired items do not exist. */
  readonly expiredItems: number
  /** Number of namespaces. */
  readonly namespaceCount: number
  /** When the oldest item was created; null if there is none. */
  readonly oldestItem: Date | null
  /** When the newest item was created; null if there is none. */
  readonly newestItem: Date | null
}

/** An operation of `batch`, with what this store adds. */
type SettledPut = PutOperation & { readonly options?: PutItemOptions | undefined }

const OPTIONS = ['agentId', 'partition', 'ttlMs', 'refreshOnRead', 'index', 'embedder', 'mode', 'now'] as const
const MS_PER_MINUTE = 60_000
/** Ten years: a lifetime in milliseconds by mistake is refused. */
const MOST_MINUTES = 5_256_000

/**
 * LangGraph's long-term memory in the shared memory of a learning store. It behaves like LangGraph's InMemoryStore, except that items
 * are copies, that deleted items leave neither vectors nor empty namespaces behind, and that search results are in order of creation.
 * Queries by words, hybrid queries, lifetimes of items and statistics are those of LangGraph's PostgresStore. Values are JSON. The
 * caller closes the store.
 */
export class LearningStoreMemory extends BaseStore {
  readonly #store: Pick<AsyncStore, 'memory'>
  readonly #scope: SearchScope
  readonly #ttlMs: number
  readonly #refreshOnRead: boolean
  readonly #now: () => number

  /** @throws INVALID_ARGUMENT */
  constructor(store: Pick<AsyncStore, 'memory'>, options: LearningStoreMemoryOptions = {}) {
    super()
    const { index, now = Date.now, mode = 'auto', ...rest } = checkOptions(options, 'the options', OPTIONS)
    const { agentId = 'langgraph', partition = 'langgraph', ttlMs = 0, refreshOnRead = false, embedder } = rest
    this.#store = store
    this.#scope = {
      memory: store.memory.as({ agentId: checkName(agentId, 'agentId') }),
      partition: checkName(partition, 'partition'),
      index: index && namedIndex(index, embedder),
      mode: checkOneOf(mode, 'mode', SEARCH_MODES),
    }
    this.#ttlMs = checkCount(ttlMs, 'ttlMs', 0)
    this.#refreshOnRead = checkBoolean(refreshOnRead, 'refreshOnRead')
    this.#now = now
  }

  /**
   * Executes the operations. Reads see the store before the batch; of several puts of one item the last counts. If the store refuses
   * some of the puts, the first error is thrown and the others stand.
   * @throws INVALID_ARGUMENT before anything is changed, if a value is not plain data or the embedder returns vectors of another dimension
   */
  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const puts = new Map<string, SettledPut>()
    for (const operation of operations) {
      if ('namespace' in operation) checkPath(operation)
      if (!('value' in operation)) continue
      checkPutOptions(operation)
      puts.set(keyIn(operation), { ...operation, value: checkedValue(operation.value) })
    }
    const results = await Promise.all(operations.map((operation) => this.#read(operation)))
    const embeddings = await embeddingsOf([...puts.values()], this.#scope.index)
    const settled = await Promise.allSettled(Array.from(puts, ([key, put], i) => this.#put(key, put, embeddings[i])))
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    return results as OperationResults<Op>
  }

  /**
   * Stores an item.
   *
   * @param index the paths of the texts to embed instead of those of the index; false for none.
   * @throws INVALID_ARGUMENT
   */
  override put(
    namespace: string[],
    key: string,
    value: Item['value'],
    index?: false | string[],
    options?: PutItemOptions,
  ): Promise<void> {
    return super.put.call(this.#extending({ options }), namespace, key, value, index)
  }

  /**
   * Searches the items below a path.
   *
   * @returns the best first for a query, which may say how it finds items; otherwise the oldest first.
   * @throws INVALID_ARGUMENT
   */
  override search(
    namespacePrefix: string[],
    options: NonNullable<Parameters<BaseStore['search']>[1]> & SearchSettings = {},
  ): Promise<SearchItem[]> {
    const { filter, limit, offset, query, ...settings } = options
    return super.search.call(this.#extending(settings), namespacePrefix, options)
  }

  /** Returns statistics of the items that the agent may read. */
  async getStats(): Promise<ItemStatistics> {
    const items = (await itemsBelow(this.#scope, [])).map(({ item }) => item)
    return {
      totalItems: items.length,
      expiredItems: 0,
      namespaceCount: new Set(items.map(({ namespace }) => JSON.stringify(namespace))).size,
      oldestItem: items[0]?.createdAt ?? null,
      newestItem: items.at(-1)?.createdAt ?? null,
    }
  }

  /** Deletes what has expired in the whole shared memory. @returns the number of deleted entries. */
  async sweepExpiredItems(): Promise<number> {
    return (await this.#store.memory.prune()).entries
  }

  /** This store, whose batches have further fields: LangGraph's methods pass on only those that they know. */
  #extending(fields: object): this {
    const batch = (operations: Operation[]): Promise<unknown> =>
      this.batch(operations.map((operation) => ({ ...operation, ...fields })))
    return Object.create(this, { batch: { value: batch } }) as this
  }

  async #read(operation: Operation): Promise<unknown> {
    if ('namespacePrefix' in operation) return this.#search(operation)
    if (!('key' in operation)) return this.#namespaces(operation)
    return 'value' in operation ? undefined : this.#get(operation)
  }

  async #get(operation: GetOperation): Promise<Item | null> {
    const { memory, partition } = this.#scope
    const entry = await memory.get({ key: keyIn(operation), partition })
    if (!entry) return null
    if (this.#refreshOnRead) await this.#refresh([entry])
    return itemOf(entry) ?? null
  }

  async #search(operation: SettledSearch): Promise<SearchItem[]> {
    const found = await searchItems(this.#scope, operation)
    if (operation.refreshTtl ?? this.#refreshOnRead) await this.#refresh(found.map(({ entry }) => entry))
    return found.map(searchItemOf)
  }

  /** Begins the lifetimes of entries again, except of those that the agent may only read. */
  async #refresh(entries: readonly MemoryEntry[]): Promise<void> {
    const { memory, partition } = this.#scope
    const mortal = entries.filter(({ expiresAt }) => expiresAt !== null)
    const refreshed = mortal.map((entry) => {
      const ttlMs = lifetimeOf(entry) ?? this.#ttlMs
      return ttlMs === 0 ? false : memory.setLifetime({ key: entry.key, partition, ttlMs })
    })
    for (const one of await Promise.allSettled(refreshed)) {
      if (one.status === 'rejected' && !isDenied(one.reason)) throw one.reason
    }
  }

  async #namespaces(operation: ListNamespacesOperation): Promise<string[][]> {
    const { matchConditions = [], maxDepth, limit, offset = 0 } = operation
    const found = (await itemsBelow(this.#scope, []))
      .map(({ item: { namespace } }) => namespace)
      .filter((namespace) => matchConditions.every((condition) => matches(namespace, condition)))
      .map((namespace): [string, string[]] => {
        const cut = namespace.slice(0, maxDepth)
        return [cut.join(':'), cut]
      })
    const sorted = [...new Map(found)].sort(([a], [b]) => a.localeCompare(b))
    return sorted.slice(offset, offset + (limit ?? sorted.length)).map(([, namespace]) => namespace)
  }

  async #put(key: string, { value, options }: SettledPut, embedding: MemoryEmbedding | undefined): Promise<void> {
    const { memory, partition } = this.#scope
    if (value === null) {
      await memory.delete({ key, partition })
      return
    }
    const ttlMs = options?.ttl === undefined ? this.#ttlMs : Math.round(options.ttl * MS_PER_MINUTE)
    const updatedAt = new Date(this.#now()).toISOString()
    const metadata = { updatedAt, ...(ttlMs > 0 && { ttlMs }) } satisfies ItemMetadata
    const content = { value: value as JsonValue, metadata }
    await memory.set({ key, partition, ttlMs, ...content, ...(embedding && { embedding }) })
  }
}

function namedIndex(index: IndexConfig, embedder: string | undefined): NamedIndex {
  const { model } = index.embeddings as { readonly model?: unknown }
  const name = embedder ?? (typeof model === 'string' && model !== '' ? model : 'langgraph')
  return { ...index, dims: checkCount(index.dims, 'dims', 1), embedder: checkName(name, 'embedder') }
}

function checkPutOptions({ options }: SettledPut): void {
  if (options === undefined) return
  const { ttl } = checkOptions(options, 'the options', ['ttl'])
  if (ttl !== undefined) checkNumber(ttl, 'ttl', 0, MOST_MINUTES)
}

function isDenied(reason: unknown): boolean {
  return reason instanceof StoreError && reason.code === 'ACCESS_DENIED'
}

function matches(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  const from = matchType === 'prefix' ? 0 : namespace.length - path.length
  return path.every((label, i) => (label === '*' ? from + i in namespace : namespace[from + i] === label))
}
