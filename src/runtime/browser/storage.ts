import { StoreError } from '../../errors.ts'
import { type IndexedDbStorageOptions, indexedDbStorage } from '../../persistence/indexeddb/index.ts'
import { memoryStorage } from '../../persistence/memory/memory-storage.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import { indexedDbName } from './storage-names.ts'

/** @throws INVALID_ARGUMENT */
export function browserStorage(storage: string, options: IndexedDbStorageOptions = {}): StorageAdapter {
  const name = indexedDbName(storage)
  if (name !== undefined) return indexedDbStorage(name, options)
  if (storage === 'memory:') return memoryStorage()
  throw new StoreError(
    'INVALID_ARGUMENT',
    `Expected the storage to be indexeddb:NAME, memory: or a StorageAdapter, got "${storage}"`,
  )
}
