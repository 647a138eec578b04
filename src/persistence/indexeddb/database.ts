import { promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import type { Durability } from '../storage.ts'
import { isNamed } from './errors.ts'

const VERSION = 1
const STORE = 'kept'

/** A database of the browser that heals: whatever closed its connection, the next use opens another. */
export class Database {
  readonly name: string
  #connection: Promise<IDBDatabase> | undefined
  #wasThere = false

  /** The database is opened, and made where there is none, by its first use. */
  constructor(name: string) {
    this.name = name
  }

  /**
   * What the verbs of idb-keyval run on. A `readwrite` use resolves once its transaction is complete, and rejects with
   * what aborted it; STORE_MISSING when the database was there and is no more, NOT_A_STORE, SCHEMA_TOO_NEW.
   */
  use(durability: Durability): UseStore {
    return async (mode, callback) => {
      for (let isRetry = false; ; isRetry = true) {
        const connection = await this.#connected()
        let transaction: IDBTransaction
        try {
          transaction = connection.transaction(STORE, mode, { durability })
        } catch (error) {
          this.close()
          // iOS closes connections without an event: "The database connection is closing", idb-keyval issue 165.
          if (isRetry || !isNamed(error, 'InvalidStateError')) throw error
          continue
        }
        try {
          return await outcome(transaction, callback)
        } catch (error) {
          // iOS again: "Connection to Indexed Database server lost". The persister tries again, on a connection of its own.
          if (isNamed(error, 'UnknownError')) this.close()
          throw error
        }
      }
    }
  }

  /** Closes the connection when its transactions have ended. The next use opens another. */
  close(): void {
    const connection = this.#connection
    this.#connection = undefined
    connection?.then((open) => open.close()).catch(() => {})
  }

  #connected(): Promise<IDBDatabase> {
    this.#connection ??= this.#watched(this.#open())
    return this.#connection
  }

  /** Forgets the connection when it fails to open, and when something closes it. */
  #watched(connection: Promise<IDBDatabase>): Promise<IDBDatabase> {
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = undefined
    }
    connection.then((open) => {
      open.onclose = forget
      // Someone deletes the database, and would wait for as long as this connection is open.
      open.onversionchange = () => {
        forget()
        open.close()
      }
    }, forget)
    return connection
  }

  async #open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, VERSION)
    let isLost = false
    request.onupgradeneeded = () => {
      // Aborted, the new and empty database is not made: nobody can take it for a new store.
      if (this.#wasThere) request.transaction?.abort()
      else request.result.createObjectStore(STORE)
      isLost = this.#wasThere
    }
    const open = await promisifyRequest(request).catch((cause: unknown) => {
      if (isLost) throw lost(this.name)
      if (!isNamed(cause, 'VersionError')) throw cause
      throw new StoreError('SCHEMA_TOO_NEW', `Expected version ${VERSION} of database ${this.name}`, { cause })
    })
    if (!open.objectStoreNames.contains(STORE)) {
      open.close()
      throw new StoreError('NOT_A_STORE', `Expected a store of this package in database ${this.name}, got another`)
    }
    this.#wasThere = true
    return open
  }
}

export function lost(name: string): StoreError {
  return new StoreError('STORE_MISSING', `Expected database ${name}, but it was removed while the store was open`)
}

/** What the callback gives; of a change, not before it is complete: a request succeeds even where quota aborts it all. */
async function outcome<T>(
  transaction: IDBTransaction,
  callback: (store: IDBObjectStore) => T | PromiseLike<T>,
): Promise<T> {
  const ended = new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    // Not `error`, at which the reason is not known yet.
    transaction.addEventListener('abort', () => reject(transaction.error))
  })
  ended.catch(() => {})
  const result = (async () => callback(transaction.objectStore(STORE)))()
  if (transaction.mode === 'readonly') return result
  result.catch(() => {})
  await ended
  return result
}
