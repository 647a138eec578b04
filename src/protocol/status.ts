import type { StoreContent } from '../learning/learning-store.ts'
import type { OpenStore } from '../open.ts'
import type { PersisterStatus } from '../persistence/persister.ts'
import type { Durability } from '../persistence/storage.ts'

/** Where a store runs. */
export type HostName = 'local' | 'shared-worker' | 'dedicated-worker' | 'worker-thread'

/** How a store is, where it is kept, and how far it is kept. */
export interface StoreStatus extends StoreContent, PersisterStatus {
  /** As in the `storage` option, with the path made absolute. */
  readonly storage: string
  /** Where the store runs: `local` is the caller's thread. */
  readonly host: HostName
  readonly durability: 'relaxed' | 'strict'
  /** What was out of order when the store was opened, and how it was settled. */
  readonly notes: readonly string[]
  /** Whether the browser promised not to remove the store when space is short; undefined outside browsers. */
  readonly persisted?: boolean | undefined
  /** What the browser says this origin uses and may use, in bytes; undefined where it does not say. */
  readonly usageBytes?: number | undefined
  readonly quotaBytes?: number | undefined
}

const KEPT_NOWHERE: PersisterStatus = {
  state: 'clean',
  reason: undefined,
  durableSequence: 0,
  logBytes: 0,
  snapshotBytes: 0,
  pendingBytes: 0,
}

/** @param durability as this caller asked for; others who use the same store may have asked for another. */
export function statusOf(
  { store, storage, persister, notes }: OpenStore,
  host: HostName,
  durability: Durability,
): StoreStatus {
  if (!persister) return { ...store.status(), storage: storage.name, host, durability, notes, ...KEPT_NOWHERE }
  const kept = { ...persister.status, durableSequence: persister.durableSequence(durability) }
  return { ...store.status(), storage: storage.name, host, durability, notes, ...kept }
}
