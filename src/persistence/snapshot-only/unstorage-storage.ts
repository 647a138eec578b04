import { checkCount } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { SnapshotOnlyStorageAdapter } from '../storage.ts'
import { checkKeyName, checkMethods, checkStorageOptions } from '../storage-options.ts'
import type { KeyedBytes } from './chunks.ts'
import { SnapshotStorage } from './snapshot-storage.ts'

/**
 * The part of an unstorage storage that `fromUnstorage` uses: `createStorage({ driver })`, or a driver that accepts
 * bytes itself.
 */
export interface UnstorageLike {
  /** Returns the bytes, or null if there are none. */
  getItemRaw?(key: string, options: object): unknown
  /** Stores bytes under a key. */
  setItemRaw?(key: string, value: Uint8Array, options: object): unknown
  /** Removes a key, if it exists. */
  removeItem?(key: string, options: object): unknown
  /** Lists all keys with this prefix. */
  getKeys(base: string, options: object): readonly string[] | Promise<readonly string[]>
  /** Returns whether a key exists. */
  hasItem(key: string, options: object): boolean | Promise<boolean>
}

/** Options of `fromUnstorage`. */
export interface FromUnstorageOptions {
  /**
   * The prefix of the store's keys: letters, digits, `_` and `-`.
   * @default 'learning-store'
   */
  readonly name?: string | undefined
  /**
   * The maximum size of a value in bytes, at least 64 KiB. Drivers that do not store bytes natively use a third more.
   * @default 1_048_576
   */
  readonly chunkBytes?: number | undefined
}

/** An empty store has 0.6 MB: with smaller chunks each snapshot would be hundreds of writes. */
const MIN_CHUNK_BYTES = 64 * 1024

/**
 * A storage in anything that unstorage has a driver for: `fromUnstorage(createStorage({ driver }))`. It persists
 * snapshots only, and `durability: 'strict'` is refused; what `kvStorage` says about writers and late visibility
 * applies here, too.
 * @throws INVALID_ARGUMENT for an argument that is not a storage, an invalid name or size, an unknown option, or a
 * driver that does not accept bytes (wrap it with `createStorage`)
 */
export function fromUnstorage(storage: UnstorageLike, options: FromUnstorageOptions = {}): SnapshotOnlyStorageAdapter {
  checkMethods(storage, 'fromUnstorage', 'a storage of unstorage', ['getKeys', 'hasItem'])
  const known = ['name', 'chunkBytes'] as const
  const { name = 'learning-store', chunkBytes = 1024 * 1024 } = checkStorageOptions(options, 'fromUnstorage', known)
  checkCount(chunkBytes, 'chunkBytes', MIN_CHUNK_BYTES)
  const prefix = `${checkKeyName(name)}:`
  return new SnapshotStorage(keyedBytes(storage), { name: `unstorage:${name}`, prefix, maxChunkBytes: chunkBytes })
}

function keyedBytes(storage: UnstorageLike): KeyedBytes {
  const { getItemRaw, setItemRaw, removeItem } = storage
  if (!getItemRaw || !setItemRaw || !removeItem) {
    const remedy = 'wrap the driver with createStorage({ driver })'
    throw new StoreError('INVALID_ARGUMENT', `Expected a storage that stores and removes bytes; ${remedy}`)
  }
  return {
    async get(key) {
      return asBytes(await getItemRaw.call(storage, key, {}), key)
    },
    async put(key, bytes) {
      await setItemRaw.call(storage, key, bytes, {})
      // A read-only driver accepts every write and stores nothing.
      if (await storage.hasItem(key, {})) return
      throw new StoreError('STORAGE_ERROR', `The storage did not store ${key}. Its driver may be read-only.`)
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

/** Converts the results of drivers. */
function asBytes(value: unknown, key: string): Uint8Array | undefined {
  if (value === null || value === undefined) return undefined
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  const found = `${key} holds a value of type ${typeof value} instead of bytes`
  throw new StoreError('NOT_A_STORE', `${found}. Choose another name for the store.`)
}
