import { StoreError } from '../../errors.ts'
import type { Keys } from './keys.ts'
import { Mutex } from './mutex.ts'
import type { DurableObjectStorageLike } from './options.ts'

/** Who writes which store in the storages of this isolate. An instance that was evicted takes its storage object along. */
const mutexes = new WeakMap<DurableObjectStorageLike, Map<string, Mutex>>()

/** The right to write a store: its turn in this isolate, and a number that fences instances that came before. */
export class DurableObjectLease {
  readonly epoch: number
  readonly #storage: DurableObjectStorageLike
  readonly #key: string
  readonly #giveBack: () => void

  private constructor(storage: DurableObjectStorageLike, key: string, epoch: number, giveBack: () => void) {
    this.#storage = storage
    this.#key = key
    this.epoch = epoch
    this.#giveBack = giveBack
  }

  /** @param newestEpoch the greatest that is named beside the lease, should the lease itself be gone. @throws LOCKED */
  static async acquire(
    storage: DurableObjectStorageLike,
    keys: Keys,
    lockTimeoutMs: number,
    newestEpoch: () => number,
  ): Promise<DurableObjectLease> {
    const giveBack = await mutexOf(storage, keys.lease).take(
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
      return new DurableObjectLease(storage, keys.lease, epoch, giveBack)
    } catch (error) {
      giveBack()
      throw error
    }
  }

  /**
   * Does `work` in one transaction, in which this lease is the one that counts.
   * @throws LEASE_LOST where another has taken over, STORE_MISSING where the lease is gone; nothing is changed then.
   */
  write(work: () => void): void {
    this.#storage.transactionSync(() => {
      const found = this.#storage.kv.get(this.#key)
      if (found === undefined) {
        throw new StoreError('STORE_MISSING', `Expected ${this.#key}, but it was removed while the store was open`)
      }
      if (found !== this.epoch) {
        throw new StoreError('LEASE_LOST', `Expected lease ${this.epoch} to hold, but lease ${found} has taken over`)
      }
      work()
    })
  }

  /** Others can lease the store afterwards. */
  release(): void {
    this.#giveBack()
  }
}

function mutexOf(storage: DurableObjectStorageLike, key: string): Mutex {
  const stores = mutexes.get(storage) ?? new Map<string, Mutex>()
  mutexes.set(storage, stores)
  const found = stores.get(key) ?? new Mutex()
  stores.set(key, found)
  return found
}
