import QuickLRU from 'quick-lru'

const CACHED_QUERIES = 200
/** Bounds the memory of `#changes`. */
const MAX_TASK_TYPES = 10_000

interface CachedResult<T> {
  readonly taskType: string | null
  readonly revision: number
  readonly rows: readonly T[]
}

/** An LRU cache of query results. A change of one task type invalidates only queries for that type or for all types. */
export class QueryCache<T> {
  readonly #results = new QuickLRU<string, CachedResult<T>>({ maxSize: CACHED_QUERIES })
  /** The revision of the last change of each task type. */
  readonly #changes = new Map<string, number>()
  #revision = 0
  #hits = 0
  #misses = 0

  /** Number of results from the cache and from the table. */
  get status(): { readonly hits: number; readonly misses: number } {
    return { hits: this.#hits, misses: this.#misses }
  }

  /** Invalidates results after a row of this task type was added or changed. */
  changed(taskType: string): void {
    if (this.#changes.size >= MAX_TASK_TYPES) this.clear()
    this.#changes.set(taskType, ++this.#revision)
  }

  /** Invalidates all results. */
  clear(): void {
    this.#results.clear()
    this.#changes.clear()
  }

  /** @param taskType the task type of the query, null for all. @returns a copy that the caller may modify. */
  get(key: string, taskType: string | null, find: () => readonly T[]): T[] {
    const cached = this.#results.get(key)
    if (cached && cached.revision >= this.#lastChange(cached.taskType)) {
      this.#hits++
      return cached.rows.slice()
    }
    this.#misses++
    const rows = find()
    this.#results.set(key, { taskType, revision: this.#revision, rows })
    return rows.slice()
  }

  #lastChange(taskType: string | null): number {
    return taskType === null ? this.#revision : (this.#changes.get(taskType) ?? 0)
  }
}
