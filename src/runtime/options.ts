import { checkBoolean, checkCount, checkNumber, checkOptions, invalid } from '../checks.ts'
import type { CoreOptions } from '../learning/core/core.ts'
import type { OpenStoreOptions } from '../open.ts'
import type { Durability, LoglessStorageAdapter, StorageAdapter } from '../persistence/storage.ts'

/** Strict only where a log may be kept. */
export type DurabilityOf<P> = P extends LoglessStorageAdapter ? 'relaxed' : Durability

/** What every runtime takes. */
export interface LearningStoreOptions<P extends string | StorageAdapter = string | StorageAdapter>
  extends Partial<Omit<CoreOptions, 'elapsed'>>,
    Pick<OpenStoreOptions, 'lockTimeoutMs' | 'persistence'> {
  /** Where the store is kept: the name of a storage, or a storage of your own. */
  readonly storage?: P
  /** `relaxed` (the default): survives the death of the process. `strict`: survives a power cut. */
  readonly durability?: DurabilityOf<P> | undefined
}

const COMMON = ['storage', 'durability', 'seed', 'lockTimeoutMs', 'now', 'newId', 'persistence'] as const

/** @param more what this runtime takes besides. @throws INVALID_ARGUMENT */
export function checkLearningStoreOptions<T extends LearningStoreOptions>(
  options: T,
  more: readonly (Exclude<keyof T, keyof LearningStoreOptions> & string)[],
): T {
  const {
    durability,
    seed,
    lockTimeoutMs,
    persistence = {},
    now,
    newId,
  } = checkOptions(options, 'the options', [...COMMON, ...more])
  if (durability !== undefined && durability !== 'relaxed' && durability !== 'strict') {
    throw invalid('durability', '"relaxed" or "strict"', durability)
  }
  if (seed !== undefined && checkCount(seed, 'seed', 0) > 0xffff_ffff) throw invalid('seed', 'below 2^32', seed)
  // Timers take no more than 31 bits.
  if (lockTimeoutMs !== undefined)
    checkCount(checkNumber(lockTimeoutMs, 'lockTimeoutMs', 0, 2 ** 31 - 1), 'lockTimeoutMs', 0)
  const sizes = checkOptions(persistence, 'persistence', [
    'snapshotAfterLogBytes',
    'snapshotAfterIdleMs',
    'maxPendingBytes',
  ])
  for (const [name, value] of Object.entries(sizes)) checkCount(value, name, 1)
  checkFunctions({ now, newId })
  return options
}

/** Each a function, where it is given. @throws INVALID_ARGUMENT */
export function checkFunctions(callbacks: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(callbacks)) {
    if (value !== undefined && typeof value !== 'function') throw invalid(name, 'a function', value)
  }
}

/** Each true or false, where it is given. @throws INVALID_ARGUMENT */
export function checkFlags(flags: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(flags)) if (value !== undefined) checkBoolean(value, name)
}

/** An address as the page would resolve it. @throws INVALID_ARGUMENT */
export function checkUrl(url: string | URL | undefined, name: string): URL | undefined {
  if (url === undefined) return undefined
  try {
    return new URL(url, location.href)
  } catch {
    throw invalid(name, 'an address', url)
  }
}

export function isStorageAdapter(storage: string | StorageAdapter): storage is StorageAdapter {
  return typeof storage === 'object' && typeof storage?.open === 'function'
}

/** What only the caller's own thread can have. @throws INVALID_ARGUMENT */
export function checkTravels({ storage, now }: LearningStoreOptions): string {
  if (typeof storage !== 'string') throw invalid('the storage', 'named by a string for a store in a worker', storage)
  if (now !== undefined) throw invalid('now', 'left out for a store in a worker: a function cannot go there', now)
  return storage
}
