import { StoreError } from '../../errors.ts'
import type { Snapshot } from '../storage.ts'
import { Turns } from '../turns.ts'
import { lastSequence, sequenceOf } from './frame.ts'

/** Where a segment of the log begins: the generation in its name, and the sequence before its first record. */
export interface SegmentStart {
  readonly generation: number
  readonly after: number
}

/**
 * Orders the calls that reach a storage, whatever stands between it and the persister: appends run one at a time and
 * skip records that the storage has; a snapshot begins a segment between two appends and keeps the records after it.
 */
export class LogOrder {
  /** The sequence of the last record, or of the snapshot before it. */
  last = 0
  readonly #appends = new Turns()
  readonly #snapshots = new Turns()
  /** The segments that this writer began, oldest first. */
  #segments: SegmentStart[] = []
  /** The sequence of the newest snapshot that is durable. */
  #newest = Number.NEGATIVE_INFINITY

  /** @param generation the newest one, of a snapshot or of a segment. @param last the last sequence in the storage */
  start(generation: number, last = 0): void {
    this.last = last
    this.#segments = [{ generation, after: last }]
  }

  /** The segment to which records are appended. */
  get segment(): SegmentStart {
    return this.#segments.at(-1) ?? { generation: 0, after: 0 }
  }

  /** @param write appends the records that the storage does not have yet */
  append(records: readonly Uint8Array[], write: (records: readonly Uint8Array[]) => Promise<void>): Promise<void> {
    return this.#appends.take(async () => {
      const fresh = records.filter((record) => sequenceOf(record) > this.last)
      const [first] = fresh
      if (first && sequenceOf(first) !== this.last + 1) {
        const got = `got record ${sequenceOf(first)}`
        throw new StoreError('STORAGE_ERROR', `Expected record ${this.last + 1}, ${got}. Open the store again.`)
      }
      await write(fresh)
      this.last = lastSequence(fresh) ?? this.last
    })
  }

  /**
   * @param begin called between two appends, before the segment of the snapshot begins
   * @param write writes the snapshot. `log` is the generation of the first segment with records that follow it
   */
  replace(
    { sequence }: Pick<Snapshot, 'sequence'>,
    write: (generation: number, log: number) => Promise<void>,
    begin: () => void = () => {},
  ): Promise<void> {
    return this.#snapshots.take(async () => {
      // A later snapshot was faster, and holds this one.
      if (sequence < this.#newest) return
      const { generation, log } = await this.#appends.take(() => {
        begin()
        const generation = this.segment.generation + 1
        const overtaken = this.last > sequence ? this.#segments.findLast(({ after }) => after <= sequence) : undefined
        this.last = Math.max(this.last, sequence)
        this.#segments.push({ generation, after: this.last })
        return { generation, log: overtaken?.generation ?? generation }
      })
      await write(generation, log)
      this.#newest = sequence
      this.#segments = this.#segments.filter((segment) => segment.generation >= log)
    })
  }
}
