import { promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import type { Durability } from '../storage.ts'
import { turnOver } from './chromium-log-turnover.ts'
import { type Database, lost } from './database.ts'
import { CLAIM, type Key } from './keys.ts'
import { acquireLock, type HeldLock, holderOf } from './web-lock.ts'

/** What is kept of the claim that may write. */
interface ClaimRecord {
  readonly epoch: number
  /** Epochs begin anew in a database that was deleted; two claims of one epoch still differ in this. */
  readonly owner: string
}

/** Claims that this page or worker made, to tell them apart. */
let made = 0

/** The right to write a database: a Web Lock while it is held, and a number that fences whoever held it before. */
export class IndexedDbClaim {
  readonly #database: Database
  readonly #lock: HeldLock
  readonly record: ClaimRecord
  /** All keys that were there when the claim was made. No other claim adds any from then on. */
  readonly keys: readonly IDBValidKey[]

  private constructor(database: Database, lock: HeldLock, record: ClaimRecord, keys: readonly IDBValidKey[]) {
    this.#database = database
    this.#lock = lock
    this.record = record
    this.keys = keys
  }

  /** @throws LOCKED */
  static async acquire(
    database: Database,
    lockName: string,
    waitMs: number,
    onBlocked?: () => void,
  ): Promise<IndexedDbClaim> {
    const lock = await acquireLock(lockName, waitMs, onBlocked)
    try {
      // Before anything is written that a damaged log could take with it.
      await turnOver(database.name)
      const owner = `${await holderOf(lockName)} ${++made}`
      return await database.use('strict')('readwrite', async (store) => {
        const [last, keys] = await Promise.all([
          promisifyRequest<ClaimRecord | undefined>(store.get(CLAIM)),
          promisifyRequest(store.getAllKeys()),
        ])
        const record = { epoch: newestEpoch(last, keys) + 1, owner }
        store.put(record, CLAIM)
        return new IndexedDbClaim(database, lock, record, keys)
      })
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /**
   * The database for the holder of this claim only: the first request of each transaction reads the claim that counts.
   * Where it is another, the transaction is aborted and rejects with CLAIM_LOST; where it is gone, with PLACE_LOST.
   */
  use(durability: Durability): UseStore {
    return async (mode, callback) => {
      let loss: StoreError | undefined
      try {
        return await this.#database.use(durability)(mode, (store) => {
          const reading: IDBRequest<ClaimRecord | undefined> = store.get(CLAIM)
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

  /** Others can claim the place afterwards. */
  async release(): Promise<void> {
    await this.#lock.release()
  }

  #lossBy(found: ClaimRecord | undefined): StoreError | undefined {
    const { epoch, owner } = this.record
    if (!found) return lost(this.#database.name)
    if (found.epoch === epoch && found.owner === owner) return undefined
    return new StoreError('CLAIM_LOST', `Expected claim ${epoch} to hold, but claim ${found.epoch} has taken over`)
  }
}

/** The claim may be missing where the keys still are: whoever wrote them must be fenced all the same. */
function newestEpoch(last: ClaimRecord | undefined, keys: readonly IDBValidKey[]): number {
  const epochs = keys.map((key) => (Array.isArray(key) ? ((key as Key)[2] ?? 0) : 0))
  return epochs.reduce((newest, epoch) => Math.max(newest, epoch), last?.epoch ?? 0)
}
