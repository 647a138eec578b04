import { StoreError } from '../../errors.ts'
import type { Keys } from './keys.ts'
import { Turns } from './mutex.ts'
import type { DurableObjectStorageLike } from './options.ts'

/** Who writes which store in the storages of this isolate. An instance that was evicted takes its storage object along. */
const turns = new WeakMap<DurableObjectStorageLike, Map<string, Turns>>()

/** The right to write a store: its turn in this isolate, and a number that fences instances that came before. */
export class DurableObjectClaim {
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

  /** @param newestEpoch the greatest that is named beside the claim, should the claim itself be gone. @throws LOCKED */
  static async acquire(
    storage: DurableObjectStorageLike,
    keys: Keys,
    waitMs: number,
    newestEpoch: () => number,
  ): Promise<DurableObjectClaim> {
    const giveBack = await turnsOf(storage, keys.claim).take(waitMs, `${keys.claim} in the storage of the object`)
    try {
      const epoch = storage.transactionSync(() => {
        const last = storage.kv.get(keys.claim)
        const next = (typeof last === 'number' ? last : newestEpoch()) + 1
        storage.kv.put(keys.claim, next)
        return next
      })
      return new DurableObjectClaim(storage, keys.claim, epoch, giveBack)
    } catch (error) {
      giveBack()
      throw error
    }
  }

  /**
   * Does `work` in one transaction, in which this claim is the one that counts.
   * @throws CLAIM_LOST where another has taken over, PLACE_LOST where the claim is gone; nothing is changed then.
   */
  write(work: () => void): void {
    this.#storage.transactionSync(() => {
      const found = this.#storage.kv.get(this.#key)
      if (found === undefined) {
        throw new StoreError('PLACE_LOST', `Expected ${this.#key}, but it was removed while the store was open`)
      }
      if (found !== this.epoch) {
        throw new StoreError('CLAIM_LOST', `Expected claim ${this.epoch} to hold, but claim ${found} has taken over`)
      }
      work()
    })
  }

  /** Others can claim the store afterwards. */
  release(): void {
    this.#giveBack()
  }
}

function turnsOf(storage: DurableObjectStorageLike, key: string): Turns {
  const stores = turns.get(storage) ?? new Map<string, Turns>()
  turns.set(storage, stores)
  const found = stores.get(key) ?? new Turns()
  stores.set(key, found)
  return found
}
