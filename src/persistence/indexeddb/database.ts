import { promisifyRequest, type UseStore } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import type { Durability } from '../storage.ts'
import { isNamed } from './errors.ts'

const VERSION = 1
const STORE = 'kept'

/**
 * An IndexedDB database that reconnects: after its connection was closed, for any reason, the next use opens another.
 */
export class Database {
  readonly name: string
  #connection: Promise<IDBDatabase> | undefined
  #existed = false
  readonly #missing: (() => StoreError) | undefined

  /** The first use opens the database, or creates it. @param missing if given, throws this instead of creating it */
  constructor(name: string, missing?: () => StoreError) {
    this.name = name
    this.#missing = missing
  }

  /**
   * The `UseStore` that idb-keyval's functions take. A `readwrite` use resolves when its transaction is complete, and
   * rejects with what aborted it.
   * @throws STORE_MISSING if the database was removed while open; NOT_A_STORE, SCHEMA_TOO_NEW
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
          return await resultOf(transaction, callback)
        } catch (error) {
          // iOS again: "Connection to Indexed Database server lost". The persister retries on a new connection.
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

  /** Drops the connection if it fails to open, or when something closes it. */
  #watched(connection: Promise<IDBDatabase>): Promise<IDBDatabase> {
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = undefined
    }
    connection.then((open) => {
      open.onclose = forget
      // Otherwise whoever deletes the database would wait until this connection closes.
      open.onversionchange = () => {
        forget()
        open.close()
      }
    }, forget)
    return connection
  }

  async #open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, VERSION)
    let isRemoved = false
    request.onupgradeneeded = () => {
      // The abort prevents a new, empty database, which could be mistaken for a new store.
      isRemoved = this.#existed || this.#missing !== undefined
      if (isRemoved) request.transaction?.abort()
      else request.result.createObjectStore(STORE)
    }
    const open = await promisifyRequest(request).catch((cause: unknown) => {
      if (isRemoved) throw this.#missing?.() ?? databaseRemoved(this.name)
      if (!isNamed(cause, 'VersionError')) throw cause
      const remedy = 'Update this package.'
      throw new StoreError('SCHEMA_TOO_NEW', `A newer version of this package made database ${this.name}. ${remedy}`, {
        cause,
      })
    })
    if (!open.objectStoreNames.contains(STORE)) {
      open.close()
      throw new StoreError('NOT_A_STORE', `Database ${this.name} belongs to another program. Choose another name.`)
    }
    this.#existed = true
    return open
  }
}

export function databaseRemoved(name: string): StoreError {
  return new StoreError('STORE_MISSING', `Database ${name} was removed while the store was open. Open the store again.`)
}

/**
 * The result of the callback; after a write, only once the transaction is complete: a request can succeed and the quota
 * still abort the transaction.
 */
async function resultOf<T>(
  transaction: IDBTransaction,
  callback: (store: IDBObjectStore) => T | PromiseLike<T>,
): Promise<T> {
  const { db } = transaction
  let end = (): void => {}
  const ended = new Promise<unknown>((resolve, reject) => {
    end = () => reject(transaction.error ?? new Error('The connection was closed'))
    transaction.addEventListener('complete', resolve)
    // Not `error`: at that event the reason is not known yet.
    transaction.addEventListener('abort', end)
    // Chromium removes a database that it finds damaged, and closes its connections; their transactions may hear of no abort.
    db.addEventListener('close', end)
  })
  const result = (async () => callback(transaction.objectStore(STORE)))()
  result.catch(() => {})
  try {
    await (transaction.mode === 'readonly' ? Promise.race([result, ended]) : ended)
    return await result
  } finally {
    db.removeEventListener('close', end)
  }
}
