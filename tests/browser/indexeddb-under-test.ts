import { promisifyRequest } from 'idb-keyval'
import {
  deleteIndexedDbStorage,
  type IndexedDbStorageAdapter,
  type IndexedDbStorageOptions,
  indexedDbStorage,
} from '../../src/persistence/indexeddb/index.ts'
import { concat } from '../../src/persistence/log/frame.ts'
import { byAge } from '../../src/persistence/log/recovery.ts'
import type { Harness } from '../persistence/storage-under-test.ts'

export interface IndexedDbHarness extends Harness {
  readonly name: string
  /** The names of its database and of its lock. */
  readonly database: string
  readonly lock: string
  /** As `storage`, with all that the storage can be told. */
  indexedDbStorage(options?: IndexedDbStorageOptions): IndexedDbStorageAdapter
  /** All that is kept, in the order of the keys. */
  entries(kind?: string): Promise<(readonly [key: unknown[], value: unknown])[]>
  put(key: IDBValidKey, value: unknown): Promise<void>
}

let made = 0

export async function indexedDbHarness(): Promise<IndexedDbHarness> {
  const name = `harness-${++made}`
  const database = `learning-store:${name}`
  const lock = `learning-store:indexeddb:${name}`
  const storages: IndexedDbStorageAdapter[] = []
  const open = (options: IndexedDbStorageOptions = {}): IndexedDbStorageAdapter => {
    const storage = indexedDbStorage(name, options)
    storages.push(storage)
    return storage
  }
  const entries = async (kind?: string): Promise<(readonly [unknown[], unknown])[]> => {
    const [keys, values] = await using(database, async (store) => [
      ...(await Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest<unknown[]>(store.getAll())])),
    ])
    const all = (keys as unknown[][]).map((key, i) => [key, values?.[i]] as const)
    return kind === undefined ? all : all.filter(([key]) => key[0] === kind)
  }
  const put = async (key: IDBValidKey, value: unknown): Promise<void> => {
    await using(database, (store) => promisifyRequest(store.put(value, key)))
  }
  /** The entries of one generation and epoch: of the newest or of the one before. */
  const ofOne = async (kind: string, which = 'newest') => {
    const all = await entries(kind)
    const ages = all.map(([key]) => ageOf(key)).sort(byAge)
    const distinct = ages.filter((age, i) => byAge(age, ages[i - 1] ?? { generation: -1, epoch: -1 }) !== 0)
    const chosen = distinct.at(which === 'newest' ? -1 : -2)
    return chosen ? all.filter(([key]) => byAge(ageOf(key), chosen) === 0) : []
  }
  /** The newest snapshot whose head stands, or the one before: its parts and the key of the first, there or not. */
  const snapshot = async (which: string) => {
    const [[head = []] = []] = await ofOne('head', which)
    const parts = (await entries('part')).filter(([key]) => byAge(ageOf(key), ageOf(head)) === 0)
    return { first: ['part', head[1], head[2], 0] as IDBValidKey, parts }
  }
  const rewrite = async (old: readonly (readonly [unknown[], unknown])[], key: unknown, bytes?: Uint8Array) => {
    await using(database, async (store) => {
      for (const [each] of old) store.delete(each as IDBValidKey)
      if (bytes) store.put(bytes.slice(), key as IDBValidKey)
    })
  }
  return {
    name,
    database,
    lock,
    indexedDbStorage: open,
    entries,
    put,
    storage: (beforeChange) => open(beforeChange ? { beforeChange } : {}),
    async die() {
      await navigator.locks.request(lock, { steal: true }, () => {})
    },
    async readLog() {
      return concat((await ofOne('log')).map(([, value]) => value as Uint8Array))
    },
    async writeLog(bytes) {
      const log = await ofOne('log')
      await rewrite(log, log[0]?.[0], bytes)
    },
    async readSnapshot(which) {
      return concat((await snapshot(which)).parts.map(([, value]) => value as Uint8Array))
    },
    async writeSnapshot(which, bytes) {
      const { first, parts } = await snapshot(which)
      await rewrite(parts, first, bytes)
    },
    async wipe() {
      await using(database, async (store) => {
        store.clear()
      })
    },
    async content() {
      const kept = (await entries()).filter(([key]) => key[0] !== 'claim')
      return new Map(kept.map(([key, value]) => [`${key.join()}${nameOf(key[0])}`, textOf(value)]))
    },
    async dispose() {
      for (const storage of storages) await storage.close()
      await deleteIndexedDbStorage(name)
    },
  }
}

/** Runs on a connection of its own, and resolves when the transaction is complete. */
async function using<T>(database: string, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const connection = await promisifyRequest(indexedDB.open(database))
  const [storeName = ''] = connection.objectStoreNames
  const transaction = connection.transaction(storeName, 'readwrite')
  const complete = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(transaction.error)
  })
  const result = await work(transaction.objectStore(storeName))
  await complete
  connection.close()
  return result
}

function ageOf([, generation, epoch]: readonly unknown[]): { generation: number; epoch: number } {
  return { generation: Number(generation), epoch: Number(epoch) }
}

function nameOf(kind: unknown): string {
  return kind === 'part' ? ' snapshot' : ''
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : String(value)
}
