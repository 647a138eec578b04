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
  type SearchOperation,
} from '@langchain/langgraph-checkpoint'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkCount, checkList, checkName, checkOptions, invalid } from '../../checks.ts'
import type { AsyncStore, MemoryEntry } from '../../entry/exports.ts'
import type { JsonValue } from '../../json-value.ts'
import { matchesFilter } from './langgraph-filter.ts'
import { ranked, vectorsOf } from './langgraph-vectors.ts'

/** The options of `LearningStoreMemory`. */
export interface LearningStoreMemoryOptions {
  /** The owner of the items in the shared memory, to whom they are private. Default: `langgraph`. */
  readonly agentId?: string
  /** The partition of the shared memory that holds them. Default: `langgraph`. */
  readonly partition?: string
  /** The lifetime of an item after it was last put, in milliseconds; 0 is forever. Default: 0. */
  readonly ttlMs?: number
  /** Makes `search` rank by meaning: an embedder, and the fields that it reads. The vectors are stored with the items. */
  readonly index?: IndexConfig
  /** The current time for `updatedAt`, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/** An item with its vectors. */
export interface StoredItem extends Item {
  readonly vectors: readonly (readonly number[])[]
}

const OPTIONS = ['agentId', 'partition', 'ttlMs', 'index', 'now'] as const

/**
 * LangGraph's long-term memory in the shared memory of a learning store. It behaves like LangGraph's InMemoryStore, except that items
 * are copies, that deleted items leave neither vectors nor empty namespaces behind, and that search results are in order of creation.
 * Values are JSON. The caller closes the store.
 */
export class LearningStoreMemory extends BaseStore {
  readonly #memory: AsyncStore['memory']
  readonly #caller: { readonly agentId: string }
  readonly #partition: string
  readonly #ttlMs: number
  readonly #index: IndexConfig | undefined
  readonly #now: () => number

  /** @throws INVALID_ARGUMENT */
  constructor(store: Pick<AsyncStore, 'memory'>, options: LearningStoreMemoryOptions = {}) {
    super()
    const { agentId = 'langgraph', partition = 'langgraph', ttlMs = 0 } = checkOptions(options, 'the options', OPTIONS)
    this.#memory = store.memory
    this.#caller = { agentId: checkName(agentId, 'agentId') }
    this.#partition = checkName(partition, 'partition')
    this.#ttlMs = checkCount(ttlMs, 'ttlMs', 0)
    this.#index = options.index
    this.#now = options.now ?? Date.now
  }

  /**
   * Executes the operations. Reads see the store before the batch; of several puts of one item the last counts. If the store refuses
   * some of the puts, the first error is thrown and the others stand.
   * @throws INVALID_ARGUMENT before anything is changed, if a value is not plain data
   */
  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const puts = new Map<string, PutOperation>()
    for (const operation of operations) {
      if ('namespace' in operation) checkPath(operation)
      if ('value' in operation) puts.set(keyIn(operation), { ...operation, value: checkedValue(operation.value) })
    }
    const results = await Promise.all(operations.map((operation) => this.#read(operation)))
    const vectors = await vectorsOf([...puts.values()], this.#index)
    const settled = await Promise.allSettled(Array.from(puts, ([key, put], i) => this.#put(key, put, vectors[i] ?? [])))
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    return results as OperationResults<Op>
  }

  async #read(operation: Operation): Promise<unknown> {
    if ('namespacePrefix' in operation) return this.#search(operation)
    if (!('key' in operation)) return this.#namespaces(operation)
    return 'value' in operation ? undefined : this.#get(operation)
  }

  async #get(operation: GetOperation): Promise<Item | null> {
    const entry = await this.#memory.as(this.#caller).get({ key: keyIn(operation), partition: this.#partition })
    return entry ? toItem(storedItem(entry)) : null
  }

  async #search(operation: SearchOperation): Promise<SearchItem[]> {
    const { namespacePrefix, filter, limit = 10, offset = 0, query } = operation
    const items = (await this.#items(namespacePrefix)).filter(({ value }) => matchesFilter(value, filter))
    const vector = query ? await this.#index?.embeddings.embedQuery(query) : undefined
    const found = vector ? ranked(items, vector) : items.map((item) => ({ item, score: undefined }))
    return found.slice(offset, offset + limit).map(({ item, score }) => ({ ...toItem(item), score }) as SearchItem)
  }

  async #namespaces(operation: ListNamespacesOperation): Promise<string[][]> {
    const { matchConditions = [], maxDepth, limit, offset = 0 } = operation
    const found = (await this.#items([]))
      .map(({ namespace }) => namespace)
      .filter((namespace) => matchConditions.every((condition) => matches(namespace, condition)))
      .map((namespace): [string, string[]] => {
        const cut = namespace.slice(0, maxDepth)
        return [cut.join(':'), cut]
      })
    const sorted = [...new Map(found)].sort(([a], [b]) => a.localeCompare(b))
    return sorted.slice(offset, offset + (limit ?? sorted.length)).map(([, namespace]) => namespace)
  }

  /** All items below this path, oldest first. */
  async #items(prefix: readonly string[]): Promise<StoredItem[]> {
    // A key begins with the JSON of its namespace. A `*` in a label matches more keys.
    const pattern = `[${JSON.stringify(prefix).slice(0, -1)}*`
    const all = { partition: this.#partition, keys: pattern, limit: Number.MAX_SAFE_INTEGER }
    return (await this.#memory.as(this.#caller).list(all))
      .flatMap((entry) => (isItem(entry) ? [storedItem(entry)] : []))
      .filter(({ namespace }) => prefix.every((label, i) => namespace[i] === label))
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
  }

  async #put(key: string, { value }: PutOperation, vectors: readonly (readonly number[])[]): Promise<void> {
    const [partition, ttlMs] = [this.#partition, this.#ttlMs]
    if (value === null) await this.#memory.as(this.#caller).delete({ key, partition })
    else {
      const metadata = { updatedAt: new Date(this.#now()).toISOString(), ...(vectors.length > 0 && { vectors }) }
      await this.#memory.as(this.#caller).set({ key, partition, ttlMs, value: value as JsonValue, metadata })
    }
  }
}

/** The key of an item in the shared memory. */
function keyIn({ namespace, key }: GetOperation): string {
  return JSON.stringify([namespace, key])
}

/** Whether the entry is an item: other agents may write to the partition, too. */
function isItem({ key }: MemoryEntry): boolean {
  try {
    const path = JSON.parse(key) as unknown
    return Array.isArray(path) && path.length === 2 && Array.isArray(path[0]) && typeof path[1] === 'string'
  } catch {
    // Not JSON.
    return false
  }
}

function storedItem({ key: path, value, metadata, createdAt }: MemoryEntry): StoredItem {
  const [namespace, key] = JSON.parse(path) as [string[], string]
  // Version 0.1.0 wrote milliseconds.
  const { updatedAt, vectors = [] } = metadata as {
    readonly updatedAt: string | number
    readonly vectors?: readonly number[][]
  }
  const created = new Date(createdAt)
  const updated = new Date(updatedAt)
  return {
    namespace,
    key,
    value: value as Item['value'],
    vectors,
    createdAt: created,
    // `createdAt` is of the clock of the store, `updatedAt` of that of the options.
    updatedAt: updated > created ? updated : created,
  }
}

function toItem({ vectors, ...item }: StoredItem): Item {
  return item
}

/** LangGraph checks the labels further, in the methods that call `batch`. @throws INVALID_ARGUMENT */
function checkPath({ namespace, key }: GetOperation): void {
  const labels = checkList(namespace, 'the namespace')
  if (labels.length === 0) throw invalid('the namespace', 'a list of at least one label', labels)
  for (const label of labels) checkName(label, 'a label of the namespace')
  if (typeof key !== 'string') throw invalid('the key', 'a string', key)
}

/** The value after a round trip through JSON. @throws INVALID_ARGUMENT */
function checkedValue(value: PutOperation['value']): PutOperation['value'] {
  if (value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('the value of an item', 'an object', value)
  const plain = JSON.parse(JSON.stringify(value)) as { [name: string]: JsonValue }
  keyOf(plain, 'value')
  return plain
}

function matches(namespace: readonly string[], { matchType, path }: MatchCondition): boolean {
  const from = matchType === 'prefix' ? 0 : namespace.length - path.length
  return path.every((label, i) => (label === '*' ? from + i in namespace : namespace[from + i] === label))
}
