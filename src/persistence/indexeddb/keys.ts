import { logOf, type Manifest } from '../log/recovery.ts'

/** The generation of a snapshot and the epoch of the lease that wrote it: no two leases write under the same key. */
export interface Named {
  readonly generation: number
  readonly epoch: number
}

/** A segment of the log, as in its keys. */
export interface NamedSegment extends Named {
  readonly after: number
}

/** The kinds of keys, as they are stored: a manifest, a chunk of a snapshot, a chunk of the log. */
type Kind = 'head' | 'part' | 'log'

/** A key: a kind, generation, epoch, then what the kind adds. */
export type Key = [kind: Kind, generation: number, epoch: number, ...rest: number[]]

export const LEASE: IDBValidKey = ['claim']

/** An array sorts after every number, so it ends the range of all keys with a common prefix. */
const LAST: IDBValidKey = []

/** The key contains the sequence, so that it is known even if the manifest is unreadable. */
export function manifestKey({ generation, epoch }: Named, sequence: number): Key {
  return ['head', generation, epoch, sequence]
}

export function chunkKey({ generation, epoch }: Named, chunk: number): Key {
  return ['part', generation, epoch, chunk]
}

/**
 * @param first the first sequence of the batch
 * @param chunk the index of the value within the batch
 */
export function logKey({ generation, epoch, after }: NamedSegment, first: number, chunk: number): Key {
  return ['log', generation, epoch, after, first, chunk]
}

/** The range of all keys of a kind, or of those of one snapshot or lease. */
export function rangeOf(kind: Kind, named?: Named): IDBKeyRange {
  const prefix = named ? [kind, named.generation, named.epoch] : [kind]
  return IDBKeyRange.bound(prefix, [...prefix, LAST])
}

/** The keys that neither of the two newest snapshots needs, and the chunks of snapshots without a manifest. */
export function rangesOutside(previous: Manifest | undefined, manifest: Manifest): IDBKeyRange[] {
  const oldest = previous ?? manifest
  const before = (kind: Kind, ...key: number[]): IDBKeyRange => IDBKeyRange.bound([kind], [kind, ...key], false, true)
  const older = [
    before('log', logOf(oldest)),
    before('part', oldest.generation, oldest.epoch),
    before('head', oldest.generation, oldest.epoch),
  ]
  return previous ? [...older, between('part', previous, manifest), between('head', previous, manifest)] : older
}

/** The keys after those of one snapshot (or all) and before those of another. */
export function between(kind: Kind, from: Named | undefined, to: Named): IDBKeyRange {
  const after = from ? [kind, from.generation, from.epoch, LAST] : [kind]
  return IDBKeyRange.bound(after, [kind, to.generation, to.epoch], true, true)
}

/** The keys of one kind, in their order. */
export function keysOf(kind: Kind, keys: readonly IDBValidKey[]): Key[] {
  return keys.filter((key): key is Key => Array.isArray(key) && key[0] === kind)
}

/** The generation of the newest snapshot or segment, including incomplete ones. */
export function newestGeneration(keys: readonly IDBValidKey[]): number {
  return keys.reduce<number>((newest, key) => Math.max(newest, Array.isArray(key) ? ((key as Key)[1] ?? 0) : 0), 0)
}
