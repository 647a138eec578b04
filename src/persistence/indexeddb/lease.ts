import { promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import type { Durability } from '../storage.ts'
import { turnOverLog } from './chromium-log-turnover.ts'
import { type Database, databaseRemoved } from './database.ts'
import { type Key, LEASE } from './keys.ts'
import { acquireLock, type HeldLock, holderOf } from './web-lock.ts'

/** The lease record in the database. */
interface LeaseRecord {
  readonly epoch: number
  /** Distinguishes leases of the same epoch: epochs start again in a database that was deleted. */
  readonly owner: string
}

/** The number of leases that this page or worker has taken, to tell them apart. */
let leaseCount = 0

/** The right to write a database: a Web Lock while it is held, and an epoch that fences earlier holders. */
export class IndexedDbLease {
  readonly #database: Database
  readonly #lock: HeldLock
  readonly record: LeaseRecord
  /** All keys in the database when the lease was taken. From then on no other lease adds any. */
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
      // Before anything is written that could be lost with a damaged log.
      await turnOverLog(database.name)
      const owner = `${await holderOf(lockName)} ${++leaseCount}`
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
   * The database as the holder of this lease uses it: the first request of each transaction reads the current lease. If
   * it is another one, the transaction is aborted.
   * @throws LEASE_LOST if another writer has taken over; STORE_MISSING if the lease is gone
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

  /** Lets others take the lease. */
  async release(): Promise<void> {
    await this.#lock.release()
  }

  #lossBy(found: LeaseRecord | undefined): StoreError | undefined {
    const { epoch, owner } = this.record
    if (!found) return databaseRemoved(this.#database.name)
    if (found.epoch === epoch && found.owner === owner) return undefined
    return new StoreError('LEASE_LOST', `Lease ${found.epoch} has taken over lease ${epoch}. Open the store again.`)
  }
}

/** The lease may be missing although keys exist: their writer must be fenced all the same. */
function newestEpoch(last: LeaseRecord | undefined, keys: readonly IDBValidKey[]): number {
  const epochs = keys.map((key) => (Array.isArray(key) ? ((key as Key)[2] ?? 0) : 0))
  return epochs.reduce((newest, epoch) => Math.max(newest, epoch), last?.epoch ?? 0)
}
