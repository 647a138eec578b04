import QuickLRU from 'quick-lru'

const CACHED_QUERIES = 200
/** Of so many task types the last change is remembered. */
const TASK_TYPES = 10_000

interface Cached<T> {
  readonly taskType: string | null
  readonly revision: number
  readonly found: readonly T[]
}

/**
 * Answers of queries that were asked before, as long as they are true: a change of one task type leaves what was asked of
 * others as it is. The least recently used one goes first.
 */
export class QueryCache<T> {
  readonly #answers = new QuickLRU<string, Cached<T>>({ maxSize: CACHED_QUERIES })
  /** The last change of each task type. */
  readonly #changes = new Map<string, number>()
  #revision = 0
  #hits = 0
  #misses = 0

  /** How often an answer came from memory, and how often from the table. */
  get status(): { readonly hits: number; readonly misses: number } {
    return { hits: this.#hits, misses: this.#misses }
  }

  /** A row of this task type is new, or is not what it was. */
  changed(taskType: string): void {
    if (this.#changes.size >= TASK_TYPES) this.clear()
    this.#changes.set(taskType, ++this.#revision)
  }

  /** Anything may have changed. */
  clear(): void {
    this.#answers.clear()
    this.#changes.clear()
  }

  /** @param taskType what the query is limited to, null for all. @returns a list of the caller's own. */
  answer(key: string, taskType: string | null, find: () => readonly T[]): T[] {
    const cached = this.#answers.get(key)
    if (cached && cached.revision >= this.#lastChange(cached.taskType)) {
      this.#hits++
      return cached.found.slice()
    }
    this.#misses++
    const found = find()
    this.#answers.set(key, { taskType, revision: this.#revision, found })
    return found.slice()
  }

  #lastChange(taskType: string | null): number {
    return taskType === null ? this.#revision : (this.#changes.get(taskType) ?? 0)
  }
}
