import QuickLRU from 'quick-lru'
import type { ValueRow, ValuesTable } from '../../tables/values.ts'

/** Maximum number of cached states; the least recently used ones are evicted. */
const STATES_IN_MEMORY = 20_000

interface StateCells {
  readonly agentId: string
  readonly stateKey: string
  /** Sorted by action key, as the table sorts them: sums and ties must be the same after reopening. */
  rows: readonly ValueRow[]
  readonly changed: Set<string>
}

/** Follows the changes in the cache, which it sees before they are written. */
export interface ValueObserver {
  /** @param before the values in the state before, sorted by action key; empty if it had none. */
  changed(agentId: string, stateKey: string, before: readonly ValueRow[], after: readonly ValueRow[]): void
  /** Anything may have changed. */
  forget(): void
}

/** A write-back cache of the table of values: changed rows are written once per transaction. */
export class ValueCache {
  readonly #table: ValuesTable
  readonly #states = new QuickLRU<string, StateCells>({ maxSize: STATES_IN_MEMORY })
  /** Separate from the LRU cache, which may evict a state before it is written. */
  readonly #dirty = new Map<string, StateCells>()
  readonly #observers: ValueObserver[] = []

  constructor(table: ValuesTable) {
    this.#table = table
  }

  /** Calls an observer at each change from now on. */
  observe(observer: ValueObserver): void {
    this.#observers.push(observer)
  }

  /** Whether there are unwritten changes. */
  get isDirty(): boolean {
    return this.#dirty.size > 0
  }

  /** The actions seen in a state, sorted by action key. */
  of(agentId: string, stateKey: string): readonly ValueRow[] {
    return this.#cells(agentId, stateKey).rows
  }

  get(agentId: string, stateKey: string, actionKey: string): ValueRow | undefined {
    return this.of(agentId, stateKey).find((row) => row.actionKey === actionKey)
  }

  set(agentId: string, stateKey: string, row: ValueRow): void {
    const cells = this.#cells(agentId, stateKey)
    const index = cells.rows.findIndex(({ actionKey }) => actionKey >= row.actionKey)
    const at = index === -1 ? cells.rows.length : index
    const before = cells.rows
    cells.rows = before.toSpliced(at, before[at]?.actionKey === row.actionKey ? 1 : 0, row)
    cells.changed.add(row.actionKey)
    this.#dirty.set(cellKey(agentId, stateKey), cells)
    for (const observer of this.#observers) observer.changed(agentId, stateKey, before, cells.rows)
  }

  /** Deletes a value. Call it inside a transaction. */
  remove(agentId: string, stateKey: string, actionKey: string): void {
    this.flush()
    this.#table.remove(agentId, stateKey, actionKey)
    this.#states.delete(cellKey(agentId, stateKey))
    for (const observer of this.#observers) observer.forget()
  }

  /** Writes the changes. Call it inside the transaction that made them. */
  flush(): void {
    for (const { agentId, stateKey, rows, changed } of this.#dirty.values()) {
      for (const row of rows) if (changed.has(row.actionKey)) this.#table.put(agentId, stateKey, row)
      changed.clear()
    }
    this.#dirty.clear()
  }

  /** Empties the cache, after a rollback. */
  forget(): void {
    this.#dirty.clear()
    this.#states.clear()
    for (const observer of this.#observers) observer.forget()
  }

  #cells(agentId: string, stateKey: string): StateCells {
    const key = cellKey(agentId, stateKey)
    const cached = this.#dirty.get(key) ?? this.#states.get(key)
    if (cached) return cached
    const cells = { agentId, stateKey, rows: this.#table.ofState(agentId, stateKey), changed: new Set<string>() }
    this.#states.set(key, cells)
    return cells
  }
}

/** Names contain no NUL, so different pairs have different keys. */
function cellKey(agentId: string, stateKey: string): string {
  return `${agentId}\0${stateKey}`
}
