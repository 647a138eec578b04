import type { DurableObjectStorage } from '@cloudflare/workers-types'
import {
  type DurableObjectStorageLike,
  type DurableObjectStorageOptions,
  durableObjectStorage,
} from '../../src/persistence/durable-object/durable-object-storage.ts'
import { concat } from '../../src/persistence/log/frame.ts'
import { byAge, type StoreMarker } from '../../src/persistence/log/recovery.ts'
import type { StorageAdapter } from '../../src/persistence/storage.ts'
import type { Harness } from '../persistence/storage-under-test.ts'

/** The numbers in the keys of one snapshot or segment. */
type Age = { readonly generation: number; readonly epoch: number }

/** A harness in the storage of a Durable Object, which holds keys of others too. */
export async function durableObjectHarness(storage: DurableObjectStorage): Promise<Harness> {
  await storage.deleteAll()
  const name = 'bench'
  const others = [`${name}-of-others`, 'benches/part/0', 'a', 'z'].map((key): [string, string] => [key, 'untouched'])
  for (const [key, value] of others) storage.kv.put(key, value)
  const storages: StorageAdapter[] = []
  let instance = newInstance(storage)
  let expectedStore: StoreMarker | undefined
  const entries = (kind: string) => [...storage.kv.list<Uint8Array>({ prefix: `${name}/${kind}/` })]
  /** The entries of the newest snapshot or segment, or of the one before. */
  const ofOne = (kind: string, which = 'newest'): [string, Uint8Array][] => {
    const ages = entries(kind).map(([key]) => ageOf(key))
    const distinct = ages.sort(byAge).filter((age, i) => byAge(age, ages[i - 1] ?? { generation: -1, epoch: -1 }) !== 0)
    const chosen = distinct.at(which === 'newest' ? -1 : -2)
    return chosen ? entries(kind).filter(([key]) => byAge(ageOf(key), chosen) === 0) : []
  }
  const snapshot = (which: string) => {
    const [[head = ''] = []] = ofOne('head', which)
    const parts = entries('part').filter(([key]) => byAge(ageOf(key), ageOf(head)) === 0)
    return { first: `${head.split('/').slice(0, 4).join('/').replace('/head/', '/part/')}/${'0'.repeat(16)}`, parts }
  }
  const rewrite = (old: readonly (readonly [string, unknown])[], key: string, bytes?: Uint8Array): void => {
    for (const [each] of old) storage.kv.delete(each)
    if (bytes) storage.kv.put(key, bytes.slice())
  }
  return {
    // An append, a part of a snapshot, its head, what is removed after it: a transaction each.
    leastChanges: 4,
    storage(beforeChange) {
      const options: DurableObjectStorageOptions = {
        name,
        expectedStore,
        onStoreMarker: (storeMarker) => (expectedStore = storeMarker),
      }
      const storage = durableObjectStorage(instance, beforeChange ? { ...options, beforeChange } : options)
      storages.push(storage)
      return storage
    },
    async die() {
      instance = newInstance(storage)
    },
    async readLog() {
      return concat(ofOne('log').map(([, value]) => value))
    },
    async writeLog(bytes) {
      const log = ofOne('log')
      rewrite(log, log[0]?.[0] ?? '', bytes)
    },
    async readSnapshot(which) {
      return concat(snapshot(which).parts.map(([, value]) => value))
    },
    async writeSnapshot(which, bytes) {
      const { first, parts } = snapshot(which)
      rewrite(parts, first, bytes)
    },
    async wipe() {
      await storage.deleteAll()
    },
    async content() {
      const kept = entries('head').concat(entries('part'), entries('log'))
      return new Map(
        kept.map(([key, value]) => [
          key.includes('/part/') ? `${key} snapshot` : key,
          new TextDecoder('latin1').decode(value),
        ]),
      )
    },
    async dispose() {
      for (const storage of storages) await storage.close()
      const left = new Map(storage.kv.list<string>())
      if (left.has('a') && others.some(([key, value]) => left.get(key) !== value))
        throw new Error('Others were touched')
    },
  }
}

/** The storage as another instance of the object would be given it. */
export function newInstance(storage: DurableObjectStorage): DurableObjectStorageLike {
  return {
    kv: storage.kv,
    transactionSync: (closure) => storage.transactionSync(closure),
    sync: () => storage.sync(),
  }
}

function ageOf(key: string): Age {
  const [, , generation, epoch] = key.split('/').map(Number)
  return { generation: generation ?? 0, epoch: epoch ?? 0 }
}
