import { expect } from 'vitest'
import type { Content } from './app/content.ts'
import type { Acknowledged } from './app/learner.ts'
import { cellOf, worthOf } from './worth.ts'

/** What was acknowledged and what was found: a store must hold both, each once, and what comes of it, no more and no less. */
export class Ledger {
  readonly #acknowledged = new Map<string, Acknowledged>()
  #found: readonly string[] = []
  /** The last commit that must be there whatever happens. */
  #promised = 0

  acknowledge(all: readonly Acknowledged[]): void {
    for (const one of all) {
      this.#acknowledged.set(one.id, one)
      this.#promised = Math.max(this.#promised, one.durableSequence)
    }
  }

  get size(): number {
    return this.#acknowledged.size
  }

  /**
   * Expects the store to hold what it held before, then what it learned since, and everything that it called durable.
   * Answers what was acknowledged and is not there; that is forgotten. Of anything out of order it may tell only what is expected.
   */
  compare(
    { experiences, values, sequence, notes }: Content,
    message: string,
    isExpected: (note: string) => boolean = () => false,
  ): readonly Acknowledged[] {
    const ids = experiences.map(({ id }) => id)
    expect(new Set(ids).size, message).toBe(ids.length)
    expect(ids.slice(0, this.#found.length), message).toEqual(this.#found)
    this.#found = ids

    const worth = worthOf(experiences)
    expect(new Map(values.map(({ state, action, value }) => [cellOf(state, action), value])), message).toEqual(
      worth.values,
    )
    expect(
      notes.filter((note) => !isExpected(note)),
      message,
    ).toEqual([])

    const lost = [...this.#acknowledged.values()].filter(({ id }) => !worth.afterEach.has(id))
    expect(sequence, message).toBeGreaterThanOrEqual(this.#promised)
    expect(
      lost.filter((one) => one.sequence > 0 && one.sequence <= this.#promised),
      message,
    ).toEqual([])
    for (const { id } of lost) this.#acknowledged.delete(id)
    const told = [...this.#acknowledged.values()].filter(({ value }) => value !== undefined)
    expect(
      told.map(({ value }) => value),
      message,
    ).toEqual(told.map(({ id }) => worth.afterEach.get(id)))
    return lost
  }
}
