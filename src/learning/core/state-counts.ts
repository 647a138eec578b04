import { isSeenOnce, type StateCount } from '../../algorithms/unseen-states.ts'
import type { ValueRow, ValuesTable } from '../../tables/values.ts'
import type { ValueObserver } from './value-cache.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** How many states agents have values in, counted once and kept up to date. */
export class StateCounts implements ValueObserver {
  readonly #table: ValuesTable
  readonly #counts = new Map<string, Writable<StateCount>>()

  constructor(table: ValuesTable) {
    this.#table = table
  }

  /** Call it when the changes of the cache are written, or outside a transaction. */
  of(agentId: string): StateCount {
    const counts = this.#counts.get(agentId) ?? this.#table.countStates(agentId)
    this.#counts.set(agentId, counts)
    return counts
  }

  changed(agentId: string, _: string, before: readonly ValueRow[], after: readonly ValueRow[]): void {
    const counts = this.#counts.get(agentId)
    if (!counts) return
    if (before.length === 0) counts.states++
    counts.once += Number(isSeenOnce(after)) - Number(isSeenOnce(before))
  }

  forget(): void {
    this.#counts.clear()
  }
}
