import { checkCount } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { SnapshotOnlyStorageAdapter } from '../storage.ts'
import { checkKeyName, checkMethods, checkStorageOptions } from '../storage-options.ts'
import type { KeyedBytes } from './chunks.ts'
import { SnapshotStorage } from './snapshot-storage.ts'

/** What a storage needs of a storage of unstorage: `createStorage({ driver })`, or a driver that takes bytes itself. */
export interface UnstorageLike {
  /** The bytes, or null where there are none. */
  getItemRaw?(key: string, options: object): unknown
  /** Persists bytes under a key. */
  setItemRaw?(key: string, value: Uint8Array, options: object): unknown
  /** Removes what is under a key; does nothing where there is nothing. */
  removeItem?(key: string, options: object): unknown
  /** All keys that begin with `base`. */
  getKeys(base: string, options: object): readonly string[] | Promise<readonly string[]>
  /** Whether something is kept under a key. */
  hasItem(key: string, options: object): boolean | Promise<boolean>
}

/** How a storage in unstorage differs from the usual. */
export interface FromUnstorageOptions {
  /** What the keys of the store begin with: letters, digits, `_` and `-`; `learning-store` unless given. */
  readonly name?: string | undefined
  /** The most that one value may have, in bytes; at least 64 KiB, 1 MiB unless given. Drivers that take no bytes make a third more of it. */
  readonly chunkBytes?: number | undefined
}

/** An empty store has 0.6 MB: in smaller parts each snapshot would be hundreds of writes. */
const MIN_CHUNK_BYTES = 64 * 1024

/**
 * A storage in anything that unstorage has a driver for: `fromUnstorage(createStorage({ driver }))`. It keeps snapshots only,
 * and `durability: 'strict'` is refused; all that `kvStorage` says of writers, and of what is seen late, holds here too.
 * @throws INVALID_ARGUMENT for what is no storage, a name that keys cannot begin with, a size that is none, an unknown
 * option, or a driver that takes no bytes itself: wrap it by `createStorage`.
 */
export function fromUnstorage(storage: UnstorageLike, options: FromUnstorageOptions = {}): SnapshotOnlyStorageAdapter {
  checkMethods(storage, 'fromUnstorage', 'a storage of unstorage', ['getKeys', 'hasItem'])
  const known = ['name', 'chunkBytes'] as const
  const { name = 'learning-store', chunkBytes = 1024 * 1024 } = checkStorageOptions(options, 'fromUnstorage', known)
  checkCount(chunkBytes, 'chunkBytes', MIN_CHUNK_BYTES)
  const prefix = `${checkKeyName(name)}:`
  return new SnapshotStorage(stored(storage), { name: `unstorage:${name}`, prefix, maxChunkBytes: chunkBytes })
}

function stored(storage: UnstorageLike): KeyedBytes {
  const { getItemRaw, setItemRaw, removeItem } = storage
  if (!getItemRaw || !setItemRaw || !removeItem) {
    const wrap = 'wrap the driver by createStorage({ driver })'
    throw new StoreError('INVALID_ARGUMENT', `Expected a storage that keeps bytes and removes them; ${wrap}`)
  }
  return {
    async get(key) {
      return asBytes(await getItemRaw.call(storage, key, {}), key)
    },
    async put(key, bytes) {
      await setItemRaw.call(storage, key, bytes, {})
      // A driver that only reads takes everything and keeps nothing.
      if (await storage.hasItem(key, {})) return
      throw new StoreError('STORAGE_ERROR', `Expected the storage to keep ${key}, but it has not`)
    },
    async remove(key) {
      await removeItem.call(storage, key, {})
    },
    async keys(prefix) {
      const base = prefix.slice(0, prefix.lastIndexOf(':'))
      const all = await storage.getKeys(base, {})
      return all.map((key) => key.replaceAll('/', ':')).filter((key) => key.startsWith(prefix))
    },
  }
}

/** What drivers give for bytes. */
function asBytes(value: unknown, key: string): Uint8Array | undefined {
  if (value === null || value === undefined) return undefined
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  throw new StoreError('NOT_A_STORE', `Expected bytes under ${key}, got a value of type ${typeof value}`)
}
