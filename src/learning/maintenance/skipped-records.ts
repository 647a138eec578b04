import { StoreError } from '../../errors.ts'
import type { SkippedRecord } from './import-batch.ts'

/** What was skipped, by kind and reason. */
export class SkippedRecords {
  readonly #counts = new Map<string, SkippedRecord>()

  constructor(skipped: readonly SkippedRecord[]) {
    for (const one of skipped) this.add(one)
  }

  /** Answers undefined, and counts one more, where the work refuses a record. */
  unless<T>(what: string, work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'INVALID_ARGUMENT') throw error
      this.add({ what, count: 1, reason: error.message })
      return undefined
    }
  }

  list(): SkippedRecord[] {
    return [...this.#counts.values()]
  }

  add({ what, count, reason }: SkippedRecord): void {
    const key = `${what}\0${reason}`
    this.#counts.set(key, { what, reason, count: count + (this.#counts.get(key)?.count ?? 0) })
  }
}
