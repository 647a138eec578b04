import type { StoreContent } from '../learning/store-content.ts'
import type { OpenStore } from '../open.ts'
import type { PersisterStatus } from '../persistence/persister.ts'
import type { Durability } from '../persistence/storage.ts'

/** The thread in which a store runs: the caller's (`local`) or a worker. */
export type HostName = 'local' | 'shared-worker' | 'dedicated-worker' | 'worker-thread'

/** The status of a store: its content, where it is persisted, and how far it is durable. */
export interface StoreStatus extends StoreContent, PersisterStatus {
  /** The name of the storage, as in the `storage` option, with an absolute path. */
  readonly storage: string
  /** The thread in which the store runs; `local` is the caller's thread. */
  readonly host: HostName
  /** Whether the store was opened with `readOnly`. Then `sequence` is the last commit that it has read. */
  readonly readOnly: boolean
  /** Read-only stores: when the newest part of what was read was written, in ISO 8601; undefined where storages have no times. */
  readonly writtenAt?: string | undefined
  /** The durability that this client opened the store with. */
  readonly durability: 'relaxed' | 'strict'
  /** Repairs made when the store was opened, as sentences for people. */
  readonly notes: readonly string[]
  /** Whether the browser promised not to evict the store when space is short; undefined outside browsers. */
  readonly persisted?: boolean | undefined
  /** The storage that this origin uses, in bytes, as the browser estimates it; undefined if unknown. */
  readonly usageBytes?: number | undefined
  /** The storage that this origin may use, in bytes, as the browser estimates it; undefined if unknown. */
  readonly quotaBytes?: number | undefined
}

const NOT_PERSISTED: PersisterStatus = {
  state: 'clean',
  reason: undefined,
  durableSequence: 0,
  logBytes: 0,
  snapshotBytes: 0,
  pendingBytes: 0,
}

/** @param durability of this client; other clients of the same store may have chosen another */
export function statusOf(
  { store, storage, persister, reader, notes }: OpenStore,
  host: HostName,
  durability: Durability,
): StoreStatus {
  const readOnly = reader !== undefined
  const common = { ...store.status(), storage: storage.name, host, readOnly, durability, notes }
  if (!persister) return { ...common, ...NOT_PERSISTED, ...reader }
  return { ...common, ...persister.status, durableSequence: persister.durableSequence(durability) }
}
