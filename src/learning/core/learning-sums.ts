import QuickLRU from 'quick-lru'
import type { ExperienceRow } from '../../tables/experiences.ts'
import {
  type LearningSumsTable,
  NO_REWARDS,
  type OfferedActions,
  offerKey,
  type RewardSums,
  type TransitionText,
  transitionKey,
  withReward,
} from '../../tables/learning-sums.ts'

/** Maximum number of cached transitions; the least recently used ones are evicted. */
const TRANSITIONS_IN_MEMORY = 20_000

interface Cell {
  readonly transition: TransitionText
  /** Undefined for a transition that has no row yet. */
  readonly id: number | undefined
  sums: RewardSums
  /** Whether the range of the rewards is that of the row. */
  isInRange: boolean
}

/** A write-back cache of the sums of experiences: each changed row is written once per transaction. */
export class LearningSums {
  readonly table: LearningSumsTable
  readonly #cells = new QuickLRU<string, Cell>({ maxSize: TRANSITIONS_IN_MEMORY })
  /** Separate from the LRU cache, which may evict a cell before it is written. */
  readonly #dirty = new Map<string, Cell>()
  /** Lists of offered actions that are known to be in the table. */
  readonly #offered = new QuickLRU<string, true>({ maxSize: TRANSITIONS_IN_MEMORY })

  constructor(table: LearningSumsTable) {
    this.table = table
  }

  /** Adds an experience that was just stored. */
  add(row: Pick<ExperienceRow, keyof TransitionText | 'reward' | 'nextActions'>): void {
    const { agentId, state, action, reward, nextState, nextActions, terminated } = row
    const transition = { agentId, state, action, nextState, terminated }
    const key = transitionKey(transition)
    // The same cell as in `#dirty`, if it is there too.
    const cell = this.#cells.get(key) ?? this.#dirty.get(key) ?? this.#read(key, transition)
    if (reward < cell.sums.least || reward > cell.sums.greatest) cell.isInRange = false
    cell.sums = withReward(cell.sums, reward)
    this.#dirty.set(key, cell)
    if (nextActions !== null && !terminated) this.#offer({ agentId, state: nextState, actions: nextActions })
  }

  /** Writes the changes. Call it inside the transaction that made them. */
  flush(): void {
    for (const [key, cell] of this.#dirty) {
      const { transition, id, sums } = cell
      if (id === undefined) {
        this.table.add(transition, sums)
        // The next change reads the id of the row.
        this.#cells.delete(key)
      } else if (cell.isInRange) this.table.updateInRange(id, sums)
      else this.table.update(id, sums)
      cell.isInRange = true
    }
    this.#dirty.clear()
  }

  /** Empties the cache, after a rollback, or after sums changed otherwise. */
  forget(): void {
    this.#dirty.clear()
    this.#cells.clear()
    this.#offered.clear()
  }

  #read(key: string, transition: TransitionText): Cell {
    const { id, ...sums } = this.table.get(transition) ?? { id: undefined, ...NO_REWARDS }
    const cell = { transition, id, sums, isInRange: true }
    this.#cells.set(key, cell)
    return cell
  }

  #offer(offer: OfferedActions): void {
    const key = offerKey(offer)
    if (this.#offered.has(key)) return
    this.table.offer(offer)
    this.#offered.set(key, true)
  }
}
