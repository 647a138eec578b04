import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { invalid } from '../../checks.ts'
import { fileStorage } from '../../persistence/file/file-storage.ts'
import { memoryStorage } from '../../persistence/memory/memory-storage.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import type { StorageName } from '../options.ts'

/** @throws INVALID_ARGUMENT */
export function nodeStorage(name: string): StorageAdapter {
  if (!isNodeStorageName(name)) throw invalid('the storage', 'file:PATH, memory: or a StorageAdapter', name)
  if (name === 'memory:') return memoryStorage()
  return fileStorage(/^file:\/\//.test(name) ? fileURLToPath(name) : inHome(name.slice('file:'.length)))
}

/** The path with `~` as the home directory, as a shell reads it; no shell expands `file:~/learning.db`. */
function inHome(path: string): string {
  const [, rest] = /^~[\\/](.*)$/s.exec(path) ?? []
  if (rest !== undefined) return join(homedir(), rest)
  if (!path.startsWith('~')) return path
  throw invalid('the storage', 'file:PATH, where only ~/ at the start stands for a home directory', `file:${path}`)
}

/** Whether this is the name of a storage in Node. */
export function isNodeStorageName(name: string): name is StorageName {
  return name === 'memory:' || /^file:(\/\/(localhost)?\/|(?!\/\/).)/.test(name)
}
