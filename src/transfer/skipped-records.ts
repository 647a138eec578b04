import type { SkippedRecord } from '../learning/maintenance/import-batch.ts'

/** A stranger's file must not make a report of any length. */
const MOST = 50

/** Counts what of a source is not taken. */
export class SkippedRecords {
  readonly #found = new Map<string, { what: string; count: number; reason: string }>()

  add(what: string, reason: string, count: number = 1): void {
    const known = this.#found.get(`${what}: ${reason}`) ?? (this.#found.size < MOST ? undefined : this.#rest())
    if (known) known.count += count
    else this.#found.set(`${what}: ${reason}`, { what, count, reason })
  }

  /** Counts the names of a record that are not among those that have a storage here. */
  others(record: object, names: readonly string[], prefix: string = ''): void {
    for (const name of Object.keys(record)) {
      if (!names.includes(name)) this.add(`${prefix}${name.slice(0, 40)}`, 'it has no storage in this store')
    }
  }

  list(): SkippedRecord[] {
    return [...this.#found.values()].map((one) => ({ ...one }))
  }

  #rest(): { count: number } {
    const rest = this.#found.get('') ?? { what: 'the rest', count: 0, reason: 'there is too much of it to name it all' }
    this.#found.set('', rest)
    return rest
  }
}
