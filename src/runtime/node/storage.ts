import { fileURLToPath } from 'node:url'
import { StoreError } from '../../errors.ts'
import { fileStorage } from '../../persistence/file/file-storage.ts'
import { memoryStorage } from '../../persistence/memory/memory-storage.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'

/** The storage that is opened where none is named: the file in the environment variable AQE_DB_PATH where it is not empty, or `.agentic-qe/memory.db`. */
export function defaultNodeStorage(): string {
  return `file:${process.env.AQE_DB_PATH || '.agentic-qe/memory.db'}`
}

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
