import QuickLRU from 'quick-lru'
import type { ValueRow, ValuesTable } from '../../tables/values.ts'

/** States whose values are held in memory; beyond it the ones not used for long are read again when needed. */
const STATES_IN_MEMORY = 20_000

interface StateCells {
  readonly agentId: string
  readonly stateKey: string
  /** By action key, as the table orders them: sums and ties must come out the same after reopening. */
  rows: readonly ValueRow[]
  readonly changed: Set<string>
}

/**
 * The values under the agents' hands: read from the table once, changed in memory, and written back once per
 * transaction however often they changed in it.
 */
export class ValueCache {
  readonly #table: ValuesTable
  readonly #states = new QuickLRU<string, StateCells>({ maxSize: STATES_IN_MEMORY })
  /** Held apart from the cache, which may drop a state before it is written. */
  readonly #dirty = new Map<string, StateCells>()

  constructor(table: ValuesTable) {
    this.#table = table
  }

  /** Whether something changed that no transaction has written yet. */
  get isDirty(): boolean {
    return this.#dirty.size > 0
  }

  /** All actions known in a state, by action key. */
  of(agentId: string, stateKey: string): readonly ValueRow[] {
    return this.#cells(agentId, stateKey).rows
  }

  get(agentId: string, stateKey: string, actionKey: string): ValueRow | undefined {
    return this.of(agentId, stateKey).find((row) => row.actionKey === actionKey)
  }

  set(agentId: string, stateKey: string, row: ValueRow): void {
    const cells = this.#cells(agentId, stateKey)
    const known = cells.rows.findIndex(({ actionKey }) => actionKey >= row.actionKey)
    const at = known === -1 ? cells.rows.length : known
    cells.rows = cells.rows.toSpliced(at, cells.rows[at]?.actionKey === row.actionKey ? 1 : 0, row)
    cells.changed.add(row.actionKey)
    this.#dirty.set(cellKey(agentId, stateKey), cells)
  }

  /** Writes what changed; belongs into the transaction that changed it. */
  flush(): void {
    for (const { agentId, stateKey, rows, changed } of this.#dirty.values()) {
      for (const row of rows) if (changed.has(row.actionKey)) this.#table.put(agentId, stateKey, row)
      changed.clear()
    }
    this.#dirty.clear()
  }

  /** Forgets everything, so that it is read again: after a rollback. */
  forget(): void {
    this.#dirty.clear()
    this.#states.clear()
  }

  #cells(agentId: string, stateKey: string): StateCells {
    const key = cellKey(agentId, stateKey)
    const held = this.#dirty.get(key) ?? this.#states.get(key)
    if (held) return held
    const cells = { agentId, stateKey, rows: this.#table.ofState(agentId, stateKey), changed: new Set<string>() }
    this.#states.set(key, cells)
    return cells
  }
}

/** Names hold no NUL, so different pairs have different keys. */
function cellKey(agentId: string, stateKey: string): string {
  return `${agentId}\0${stateKey}`
}
