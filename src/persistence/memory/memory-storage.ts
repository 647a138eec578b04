import { StoreError } from '../../errors.ts'
import { concatenated, decodeFrames, lastSequence } from '../log/frame.ts'
import { byAge, EMPTY, type Head, headOf, keptOf, placeLost, recover, type Segment } from '../log/recovery.ts'
import type { Keeps, Kept, OpenOptions, Place, Snapshot } from '../storage.ts'
import { Alarm } from '../timer.ts'
import { MemoryMedium } from './medium.ts'

export { MemoryMedium }

/**
 * A place in memory. Without a medium nothing is kept beyond the life of the store, and nothing is written; with one,
 * the store can be opened again on it.
 */
export function memoryPlace(medium?: MemoryMedium): Place {
  return medium ? new MemoryPlace(medium) : new NoPlace()
}

class NoPlace implements Place {
  readonly name = 'memory:'
  readonly keeps: Keeps = 'nothing'

  async open(): Promise<Kept> {
    return EMPTY
  }
  async append(): Promise<void> {}
  async replace(): Promise<void> {}
  async close(): Promise<void> {}
}

class MemoryPlace implements Place {
  readonly name = 'memory:'
  readonly keeps: Keeps = 'log'
  readonly #medium: MemoryMedium
  #epoch = 0
  #generation = 0
  #last = 0
  #segment: Uint8Array[] | undefined

  constructor(medium: MemoryMedium) {
    this.#medium = medium
  }

  async open({ waitMs, judge }: OpenOptions): Promise<Kept> {
    await this.#claim(waitMs)
    try {
      return await this.#load(judge)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async append(records: readonly Uint8Array[]): Promise<void> {
    this.#checkClaim()
    this.#medium.beforeChange('append')
    if (records.length === 0) return
    if (!this.#segment) {
      this.#segment = []
      const named = { generation: this.#generation, epoch: this.#epoch, after: this.#last }
      this.#medium.segments.set(named, this.#segment)
    }
    this.#segment.push(...records)
    this.#last = lastSequence(records) ?? this.#last
  }

  async replace(snapshot: Snapshot): Promise<void> {
    this.#checkClaim()
    const previous = newestHead(this.#medium)
    this.#generation++
    this.#last = snapshot.sequence
    this.#segment = undefined
    const head = await headOf(snapshot, this.#generation, this.#epoch)
    this.#checkClaim()
    this.#medium.beforeChange('snapshot')
    this.#medium.beforeChange('head')
    this.#medium.snapshots.set(head, snapshot.bytes.slice())
    this.#medium.sentinel = { storeId: snapshot.storeId, sequence: snapshot.sequence }
    this.#medium.beforeChange('remove')
    const oldest = previous?.generation ?? head.generation
    removeWhere(this.#medium.snapshots, ({ generation }) => generation < oldest)
    removeWhere(this.#medium.segments, ({ generation }) => generation < oldest)
  }

  async close(): Promise<void> {
    if (this.#medium.epoch !== this.#epoch) return
    this.#medium.held = false
    this.#epoch = -1
    this.#medium.released()
  }

  async #claim(waitMs: number): Promise<void> {
    let isLate = false
    const alarm = new Alarm()
    const late = alarm.pause(waitMs).then(() => {
      isLate = true
    })
    while (this.#medium.held) {
      if (isLate) throw new StoreError('LOCKED', `Expected a free place, waited ${waitMs} ms for its writer`)
      await Promise.race([late, this.#medium.nextRelease()])
    }
    alarm.clear()
    this.#medium.held = true
    this.#epoch = ++this.#medium.epoch
  }

  async #load(judge: OpenOptions['judge']): Promise<Kept> {
    const { snapshots, sentinel } = this.#medium
    const heads = [...snapshots.keys()].sort(byAge)
    const newest = heads.at(-1)
    if (!newest) {
      if (sentinel) throw placeLost(sentinel, 'Use another medium to start anew.')
      return EMPTY
    }
    const segments = [...this.#medium.segments].map(
      ([named, records]): Segment => ({ ...named, content: decodeFrames(concatenated(records)) }),
    )
    const found = await recover(heads, segments.sort(byAge), async (head) => snapshots.get(head), judge)
    this.#generation = newest.generation
    this.#last = found.commits.at(-1)?.sequence ?? found.head.sequence
    for (const head of found.damaged) snapshots.delete(head)
    return keptOf(found)
  }

  #checkClaim(): void {
    if (this.#medium.epoch === this.#epoch && this.#medium.held) return
    throw new StoreError('CLAIM_LOST', `Expected claim ${this.#epoch} to hold, but the place has gone on to another`)
  }
}

function newestHead(medium: MemoryMedium): Head | undefined {
  return [...medium.snapshots.keys()].sort(byAge).at(-1)
}

function removeWhere<K>(map: Map<K, unknown>, condition: (key: K) => boolean): void {
  for (const key of map.keys()) if (condition(key)) map.delete(key)
}
