import { StoreError } from '../../errors.ts'
import { Mutex } from '../mutex.ts'
import type { Keys } from './keys.ts'
import type { DurableObjectStorageLike } from './options.ts'

/**
 * The mutex of each store in the storage objects of this isolate. An evicted instance takes its storage object with it.
 */
const mutexes = new WeakMap<DurableObjectStorageLike, Map<string, Mutex>>()

/** The right to write a store: a mutex within this isolate, and an epoch that fences earlier instances. */
export class DurableObjectLease {
  readonly epoch: number
  readonly #storage: DurableObjectStorageLike
  readonly #key: string
  readonly #release: () => void

  private constructor(storage: DurableObjectStorageLike, key: string, epoch: number, release: () => void) {
    this.#storage = storage
    this.#key = key
    this.epoch = epoch
    this.#release = release
  }

  /**
   * @param newestEpoch the greatest epoch in the other keys, if the lease itself is missing
   * @throws LOCKED
   */
  static async acquire(
    storage: DurableObjectStorageLike,
    keys: Keys,
    lockTimeoutMs: number,
    newestEpoch: () => number,
  ): Promise<DurableObjectLease> {
    const release = await mutexOf(storage, keys.lease).acquire(
      lockTimeoutMs,
      `${keys.lease} in the storage of the object`,
    )
    try {
      const epoch = storage.transactionSync(() => {
        const last = storage.kv.get(keys.lease)
        const next = (typeof last === 'number' ? last : newestEpoch()) + 1
        storage.kv.put(keys.lease, next)
        return next
      })
      return new DurableObjectLease(storage, keys.lease, epoch, release)
    } catch (error) {
      release()
      throw error
    }
  }

  /**
   * Runs `work` in one transaction that first verifies this lease.
   * @throws LEASE_LOST if another writer has taken over
   * @throws STORE_MISSING if the lease is gone; nothing is changed then
   */
  write(work: () => void): void {
    this.#storage.transactionSync(() => {
      const found = this.#storage.kv.get(this.#key)
      if (found === undefined) {
        throw new StoreError(
          'STORE_MISSING',
          `${this.#key} was removed while the store was open. Open the store again.`,
        )
      }
      if (found !== this.epoch) {
        throw new StoreError('LEASE_LOST', `Lease ${found} has taken over lease ${this.epoch}. Open the store again.`)
      }
      work()
    })
  }

  /** Lets others take the lease. */
  release(): void {
    this.#release()
  }
}

function mutexOf(storage: DurableObjectStorageLike, key: string): Mutex {
  const stores = mutexes.get(storage) ?? new Map<string, Mutex>()
  mutexes.set(storage, stores)
  const found = stores.get(key) ?? new Mutex()
  stores.set(key, found)
  return found
}
