import { fileURLToPath } from 'node:url'
import { StoreError } from '../../errors.ts'
import { fileStorage } from '../../persistence/file/file-storage.ts'
import { memoryStorage } from '../../persistence/memory/memory-storage.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'

/** @throws INVALID_ARGUMENT */
export function nodeStorage(storage: string): StorageAdapter {
  if (storage === 'memory:') return memoryStorage()
  if (/^file:\/\/(localhost)?\//.test(storage)) return fileStorage(fileURLToPath(storage))
  if (/^file:(?!\/\/)./.test(storage)) return fileStorage(storage.slice(5))
  throw new StoreError(
    'INVALID_ARGUMENT',
    `Expected the storage to be file:PATH, memory: or a StorageAdapter, got "${storage}"`,
  )
}
