import { promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import type { Durability } from '../storage.ts'
import { turnOver } from './chromium-log-turnover.ts'
import { type Database, lost } from './database.ts'
import { type Key, LEASE } from './keys.ts'
import { acquireLock, type HeldLock, holderOf } from './web-lock.ts'

/** What is kept of the lease that may write. */
interface LeaseRecord {
  readonly epoch: number
  /** Epochs begin anew in a database that was deleted; two leases of one epoch still differ in this. */
  readonly owner: string
}

/** Claims that this page or worker made, to tell them apart. */
let made = 0

/** The right to write a database: a Web Lock while it is held, and a number that fences whoever held it before. */
export class IndexedDbLease {
  readonly #database: Database
  readonly #lock: HeldLock
  readonly record: LeaseRecord
  /** All keys that were there when the lease was made. No other lease adds any from then on. */
  readonly keys: readonly IDBValidKey[]

  private constructor(database: Database, lock: HeldLock, record: LeaseRecord, keys: readonly IDBValidKey[]) {
    this.#database = database
    this.#lock = lock
    this.record = record
    this.keys = keys
  }

  /** @throws LOCKED */
  static async acquire(
    database: Database,
    lockName: string,
    lockTimeoutMs: number,
    onBlocked?: () => void,
  ): Promise<IndexedDbLease> {
    const lock = await acquireLock(lockName, lockTimeoutMs, onBlocked)
    try {
      // Before anything is written that a damaged log could take with it.
      await turnOver(database.name)
      const owner = `${await holderOf(lockName)} ${++made}`
      return await database.use('strict')('readwrite', async (store) => {
        const [last, keys] = await Promise.all([
          promisifyRequest<LeaseRecord | undefined>(store.get(LEASE)),
          promisifyRequest(store.getAllKeys()),
        ])
        const record = { epoch: newestEpoch(last, keys) + 1, owner }
        store.put(record, LEASE)
        return new IndexedDbLease(database, lock, record, keys)
      })
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /**
   * The database for the holder of this lease only: the first request of each transaction reads the lease that counts.
   * Where it is another, the transaction is aborted and rejects with LEASE_LOST; where it is gone, with STORE_MISSING.
   */
  use(durability: Durability): UseStore {
    return async (mode, callback) => {
      let loss: StoreError | undefined
      try {
        return await this.#database.use(durability)(mode, (store) => {
          const reading: IDBRequest<LeaseRecord | undefined> = store.get(LEASE)
          reading.onsuccess = () => {
            loss = this.#lossBy(reading.result)
            if (loss) store.transaction.abort()
          }
          return callback(store)
        })
      } catch (error) {
        throw loss ?? error
      }
    }
  }

  /** Others can lease the storage afterwards. */
  async release(): Promise<void> {
    await this.#lock.release()
  }

  #lossBy(found: LeaseRecord | undefined): StoreError | undefined {
    const { epoch, owner } = this.record
    if (!found) return lost(this.#database.name)
    if (found.epoch === epoch && found.owner === owner) return undefined
    return new StoreError('LEASE_LOST', `Expected lease ${epoch} to hold, but lease ${found.epoch} has taken over`)
  }
}

/** The lease may be missing where the keys still are: whoever wrote them must be fenced all the same. */
function newestEpoch(last: LeaseRecord | undefined, keys: readonly IDBValidKey[]): number {
  const epochs = keys.map((key) => (Array.isArray(key) ? ((key as Key)[2] ?? 0) : 0))
  return epochs.reduce((newest, epoch) => Math.max(newest, epoch), last?.epoch ?? 0)
}
