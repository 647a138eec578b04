import { checkBoolean, checkCallbacks, checkCount, checkNumber, checkOptions, invalid } from '../checks.ts'
import type { ObservationOptions } from '../client/operations.ts'
import type { PersistenceOptions } from '../open.ts'
import type { Durability, LoglessStorageAdapter, StorageAdapter } from '../persistence/storage.ts'

/** The name of a storage: `file:PATH` in Node, `indexeddb:NAME` in a page, `memory:` anywhere. */
export type StorageName =
  // Editors complete the literals; `& {}` keeps a pattern from absorbing its own.
  'memory:' | 'file:learning.db' | (`file:${string}` & {}) | 'indexeddb:learning-store' | (`indexeddb:${string}` & {})

/** `strict` only for a storage that may have a log. */
export type DurabilityOf<P> = P extends LoglessStorageAdapter | 'memory:' ? 'relaxed' : Durability

/** The options of `openLearningStore` in every runtime. */
export interface LearningStoreOptions<P extends StorageName | StorageAdapter = StorageName | StorageAdapter>
  extends ObservationOptions {
  /** Where the store is persisted: the name of a storage, or an adapter. */
  readonly storage?: P
  /**
   * What an acknowledged write survives. `relaxed`: the death of the process, except for the writes of the last
   * milliseconds; `strict`: a power cut, if the storage has a log.
   * @default 'relaxed'
   */
  readonly durability?: DurabilityOf<P> | undefined
  /**
   * Read the store without a lease, also while another process, page or worker writes it. It shows what was stored when
   * it was opened, until `refresh()`; whatever would change it throws READ_ONLY.
   * @default false
   */
  readonly readOnly?: boolean | undefined
  /**
   * How long to wait for another writer to release the storage, in ms; then opening rejects with LOCKED.
   * @default 2_000
   */
  readonly lockTimeoutMs?: number | undefined
  /** When the store writes snapshots, and how much may be pending. The defaults suit most programs. */
  readonly persistence?: PersistenceOptions | undefined
  /** The seed of all random choices, 32 bits. With it, the same calls give the same results. Default: random. */
  readonly seed?: number
  /** The clock, in ms since 1970. Not for a store in a worker. Default: `Date.now`. */
  readonly now?: () => number
  /** Creates unique ids. Default: UUID v7. */
  readonly newId?: () => string
}

const COMMON = [
  'storage',
  'durability',
  'readOnly',
  'seed',
  'lockTimeoutMs',
  'now',
  'newId',
  'persistence',
  'onOperation',
  'operationPayload',
] as const

/**
 * @param more the names of this runtime's own options
 * @throws INVALID_ARGUMENT
 */
export function checkLearningStoreOptions<T extends LearningStoreOptions>(
  options: T,
  more: readonly (Exclude<keyof T, keyof LearningStoreOptions> & string)[],
): T {
  const {
    durability,
    readOnly,
    seed,
    lockTimeoutMs,
    persistence = {},
    now,
    newId,
    onOperation,
    operationPayload,
  } = checkOptions(options, 'the options', [...COMMON, ...more])
  if (durability !== undefined && durability !== 'relaxed' && durability !== 'strict') {
    throw invalid('durability', '"relaxed" or "strict"', durability)
  }
  checkFlags({ readOnly })
  if (seed !== undefined && checkCount(seed, 'seed', 0) > 0xffff_ffff) throw invalid('seed', 'below 2^32', seed)
  // Timers are limited to 31 bits.
  if (lockTimeoutMs !== undefined)
    checkCount(checkNumber(lockTimeoutMs, 'lockTimeoutMs', 0, 2 ** 31 - 1), 'lockTimeoutMs', 0)
  const sizes = checkOptions(persistence, 'persistence', [
    'snapshotAfterLogBytes',
    'snapshotAfterIdleMs',
    'maxPendingBytes',
    'closeTimeoutMs',
  ])
  for (const [name, value] of Object.entries(sizes)) checkCount(value, name, 1)
  checkCallbacks({ now, newId, onOperation })
  checkFlags({ operationPayload })
  return options
}

/** Checks that each flag, where given, is a boolean. @throws INVALID_ARGUMENT */
export function checkFlags(flags: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(flags)) if (value !== undefined) checkBoolean(value, name)
}

/** Resolves a URL as the page resolves its links. @throws INVALID_ARGUMENT */
export function checkUrl(url: string | URL | undefined, name: string): URL | undefined {
  if (url === undefined) return undefined
  try {
    return new URL(url, globalThis.document?.baseURI ?? location.href)
  } catch {
    throw invalid(name, 'a URL', url)
  }
}

export function isStorageAdapter(storage: string | StorageAdapter): storage is StorageAdapter {
  return typeof storage === 'object' && typeof storage?.open === 'function'
}

/** Refuses options that cannot be sent to a worker, and returns the name of the storage. @throws INVALID_ARGUMENT */
export function checkWorkerOptions({ storage, now }: LearningStoreOptions): string {
  if (typeof storage !== 'string') throw invalid('the storage', 'a string for a store in a worker', storage)
  if (now !== undefined) throw invalid('now', 'omitted for a store in a worker: a function cannot be sent there', now)
  return storage
}
