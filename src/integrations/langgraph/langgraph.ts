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

/** How items are kept. */
export interface LearningStoreMemoryOptions {
  /** Whose the items are in the shared memory, where they are private to it. `langgraph` unless given. */
  readonly agentId?: string
  /** The partition of the shared memory that holds them. `langgraph` unless given. */
  readonly partition?: string
  /** How long an item lives after it was put last, in seconds; 0, which stands for ever, unless given. */
  readonly ttl?: number
  /** Makes `search` rank by meaning: an embedder, and what of an item it reads. The vectors are kept with the items. */
  readonly index?: IndexConfig
  /** In ms since the epoch, for `updatedAt`. */
  readonly now?: () => number
}

/** An item as it is kept, with its vectors. */
export interface KeptItem extends Item {
  readonly vectors: readonly (readonly number[])[]
}

const OPTIONS = ['agentId', 'partition', 'ttl', 'index', 'now'] as const

/**
 * LangGraph's long-term memory in the shared memory of a learning store. It answers as LangGraph's InMemoryStore does, except that
 * items are copies, that what was removed leaves neither vectors nor an empty namespace behind, and that all search results are
 * in order of creation. Values are JSON. The store stays the caller's to close.
 */
export class LearningStoreMemory extends BaseStore {
  readonly #memory: AsyncStore['memory']
  readonly #caller: { readonly agentId: string }
  readonly #partition: string
  readonly #ttl: number
  readonly #index: IndexConfig | undefined
  readonly #now: () => number

  /** @throws INVALID_ARGUMENT */
  constructor(store: Pick<AsyncStore, 'memory'>, options: LearningStoreMemoryOptions = {}) {
    super()
    const { agentId = 'langgraph', partition = 'langgraph', ttl = 0 } = checkOptions(options, 'the options', OPTIONS)
    this.#memory = store.memory
    this.#caller = { agentId: checkName(agentId, 'agentId') }
    this.#partition = checkName(partition, 'partition')
    this.#ttl = checkCount(ttl, 'ttl', 0)
    this.#index = options.index
    this.#now = options.now ?? Date.now
  }

  /**
   * Carries the operations out: what reads sees the store as it was before, and of several puts of one item the last counts.
   * Rejects with INVALID_ARGUMENT, before anything is changed, where a value is not plain data. Of puts that the store refuses
   * later, the first is told and the others stand.
   */
  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const puts = new Map<string, PutOperation>()
    for (const operation of operations) {
      if ('namespace' in operation) checkPath(operation)
      if ('value' in operation) puts.set(keyIn(operation), { ...operation, value: checkedValue(operation.value) })
    }
    const answers = await Promise.all(operations.map((operation) => this.#answer(operation)))
    const vectors = await vectorsOf([...puts.values()], this.#index)
    const kept = await Promise.allSettled(Array.from(puts, ([key, put], i) => this.#put(key, put, vectors[i] ?? [])))
    for (const one of kept) if (one.status === 'rejected') throw one.reason
    return answers as OperationResults<Op>
  }

  async #answer(operation: Operation): Promise<unknown> {
    if ('namespacePrefix' in operation) return this.#search(operation)
    if (!('key' in operation)) return this.#namespaces(operation)
    return 'value' in operation ? undefined : this.#get(operation)
  }

  async #get(operation: GetOperation): Promise<Item | null> {
    const entry = await this.#memory.as(this.#caller).get({ key: keyIn(operation), partition: this.#partition })
    return entry ? toItem(kept(entry)) : null
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

  /** All below this path, the oldest first. */
  async #items(prefix: readonly string[]): Promise<KeptItem[]> {
    // A key begins with the JSON of its namespace. A `*` in a label finds more than that.
    const pattern = `[${JSON.stringify(prefix).slice(0, -1)}*`
    const all = { partition: this.#partition, limit: Number.MAX_SAFE_INTEGER }
    return (await this.#memory.as(this.#caller).search(pattern, all))
      .flatMap((entry) => (isItem(entry) ? [kept(entry)] : []))
      .filter(({ namespace }) => prefix.every((label, i) => namespace[i] === label))
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
  }

  async #put(key: string, { value }: PutOperation, vectors: readonly (readonly number[])[]): Promise<void> {
    const [partition, ttl] = [this.#partition, this.#ttl]
    if (value === null) await this.#memory.as(this.#caller).delete({ key, partition })
    else {
      const metadata = { updatedAt: this.#now(), ...(vectors.length > 0 && { vectors }) }
      await this.#memory.as(this.#caller).set({ key, partition, ttl, value: value as JsonValue, metadata })
    }
  }
}

/** An item's key in the shared memory, and of no other. */
function keyIn({ namespace, key }: GetOperation): string {
  return JSON.stringify([namespace, key])
}

/** Whether the key is one of ours: others may write into the partition too. */
function isItem({ key }: MemoryEntry): boolean {
  try {
    const path = JSON.parse(key) as unknown
    return Array.isArray(path) && path.length === 2 && Array.isArray(path[0]) && typeof path[1] === 'string'
  } catch {
    // No JSON.
    return false
  }
}

function kept({ key: path, value, metadata, createdAt }: MemoryEntry): KeptItem {
  const [namespace, key] = JSON.parse(path) as [string[], string]
  const { updatedAt, vectors = [] } = metadata as { readonly updatedAt: number; readonly vectors?: readonly number[][] }
  return {
    ...{ namespace, key, value: value as Item['value'], vectors },
    // Two clocks: the store's and ours.
    ...{ createdAt: new Date(createdAt), updatedAt: new Date(Math.max(createdAt, updatedAt)) },
  }
}

function toItem({ vectors, ...item }: KeptItem): Item {
  return item
}

/** What labels must be besides, LangGraph checks in the methods that call `batch`. @throws INVALID_ARGUMENT */
function checkPath({ namespace, key }: GetOperation): void {
  const labels = checkList(namespace, 'the namespace')
  if (labels.length === 0) throw invalid('the namespace', 'a list of at least one label', labels)
  for (const label of labels) checkName(label, 'a label of the namespace')
  if (typeof key !== 'string') throw invalid('the key', 'a string', key)
}

/** What JSON makes of a value. @throws INVALID_ARGUMENT */
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
