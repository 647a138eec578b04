/** The number of a snapshot and of the lease that wrote it: no two leases ever write under the same name. */
export interface Named {
  readonly generation: number
  readonly epoch: number
}

/** A segment of the log as its keys name it. */
export interface NamedSegment extends Named {
  readonly after: number
}

type Kind = 'head' | 'part' | 'log'

/** A key as an array of a kind and numbers: `generation, epoch`, then what the kind adds. */
export type Key = [kind: Kind, generation: number, epoch: number, ...rest: number[]]

export const LEASE: IDBValidKey = ['claim']

/** An array sorts after every number, so it ends the range of all keys that begin alike. */
const LAST: IDBValidKey = []

/** The sequence is in the key too, so that it is known of a head that cannot be read. */
export function manifestKey({ generation, epoch }: Named, sequence: number): Key {
  return ['head', generation, epoch, sequence]
}

export function chunkKey({ generation, epoch }: Named, part: number): Key {
  return ['part', generation, epoch, part]
}

/** @param first the first sequence of the batch. @param chunk which of its values. */
export function logKey({ generation, epoch, after }: NamedSegment, first: number, chunk: number): Key {
  return ['log', generation, epoch, after, first, chunk]
}

/** All keys of a kind, or those of one snapshot or lease only. */
export function rangeOf(kind: Kind, named?: Named): IDBKeyRange {
  const prefix = named ? [kind, named.generation, named.epoch] : [kind]
  return IDBKeyRange.bound(prefix, [...prefix, LAST])
}

/** What neither of the two newest snapshots needs, and the parts of snapshots whose head never came. */
export function rangesOutside(previous: Named | undefined, head: Named): IDBKeyRange[] {
  const oldest = previous ?? head
  const before = (kind: Kind, ...key: number[]): IDBKeyRange => IDBKeyRange.bound([kind], [kind, ...key], false, true)
  const older = [
    before('log', oldest.generation),
    before('part', oldest.generation, oldest.epoch),
    before('head', oldest.generation, oldest.epoch),
  ]
  return previous ? [...older, between('part', previous, head), between('head', previous, head)] : older
}

/** The keys after those of one snapshot and before those of another, or of all after it. */
export function between(kind: Kind, from: Named | undefined, to: Named): IDBKeyRange {
  const after = from ? [kind, from.generation, from.epoch, LAST] : [kind]
  return IDBKeyRange.bound(after, [kind, to.generation, to.epoch], true, true)
}

/** Those of our keys that are of a kind, in their order. */
export function keysOf(kind: Kind, keys: readonly IDBValidKey[]): Key[] {
  return keys.filter((key): key is Key => Array.isArray(key) && key[0] === kind)
}

/** The generation of the newest snapshot or segment, even of those that never came to stand. */
export function newestGeneration(keys: readonly IDBValidKey[]): number {
  return keys.reduce<number>((newest, key) => Math.max(newest, Array.isArray(key) ? ((key as Key)[1] ?? 0) : 0), 0)
}
