import { isRefusal } from '../../errors.ts'
import type { SkippedRecord } from './import-batch.ts'

/** Limits the size of a report: a file from elsewhere can give every record a reason of its own. */
const MAX_ENTRIES = 50
const OTHERS = { what: 'other entries', reason: `the list is limited to ${MAX_ENTRIES} entries` }

/** The reason for a field of a source that has no counterpart. */
export const NO_FIELD = 'this store has no such field'

/**
 * Counts the records of a source that are not imported, by kind and reason: at most 50 entries, and one for all others.
 */
export class SkippedRecords {
  readonly #entries = new Map<string, SkippedRecord>()

  constructor(skipped: readonly SkippedRecord[] = []) {
    for (const { what, reason, count } of skipped) this.add(what, reason, count)
  }

  /** Counts records of a kind. @param count 0 if their number is unknown. */
  add(what: string, reason: string, count: number = 1): void {
    const isListed = this.#entries.has(keyOf({ what, reason })) || this.#entries.size < MAX_ENTRIES
    const entry = isListed ? { what, reason } : OTHERS
    const key = keyOf(entry)
    this.#entries.set(key, { ...entry, count: count + (this.#entries.get(key)?.count ?? 0) })
  }

  /** Counts the fields of a record that are not in `names`. @param prefix of the names in the report. */
  addUnknownFields(record: object, names: readonly string[], prefix: string = ''): void {
    for (const name of Object.keys(record)) {
      if (!names.includes(name)) this.add(`${prefix}${name.slice(0, 40)}`, NO_FIELD)
    }
  }

  /** Returns the result of `check`. If it throws INVALID_ARGUMENT or TOO_LARGE, counts a skipped record and returns undefined. */
  unlessInvalid<T>(what: string, check: () => T): T | undefined {
    try {
      return check()
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.add(what, error.message)
      return undefined
    }
  }

  list(): SkippedRecord[] {
    return [...this.#entries.values()]
  }
}

function keyOf({ what, reason }: Omit<SkippedRecord, 'count'>): string {
  return `${what}\0${reason}`
}
