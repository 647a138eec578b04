import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileStorageOptions, fileStorage } from '../../../src/persistence/file/file-storage.ts'
import { byAge } from '../../../src/persistence/log/recovery.ts'
import type { StorageAdapter } from '../../../src/persistence/storage.ts'
import type { Harness } from '../storage-under-test.ts'

export interface FileHarness extends Harness {
  readonly folder: string
  readonly path: string
  readonly directory: string
  /** As `storage`, with all that a file storage can be told. */
  fileStorage(options?: FileStorageOptions): StorageAdapter
  /** The names in the directory beside the file, in the order of their ages. */
  names(kind: string): Promise<string[]>
}

export async function fileHarness(): Promise<FileHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'file-storage-'))
  const path = join(folder, 'learning.db')
  const directory = `${path}.log`
  const storages: StorageAdapter[] = []
  const names = async (kind: string): Promise<string[]> =>
    (await readdir(directory)).filter((name) => name.endsWith(kind)).sort((a, b) => byAge(ageOf(a), ageOf(b)))
  const newest = async (kind: string): Promise<string> => join(directory, (await names(kind)).at(-1) ?? '')
  const snapshot = async (which: string): Promise<string> => (which === 'newest' ? path : newest('.snapshot'))
  const open = (options: FileStorageOptions = {}): StorageAdapter => {
    const storage = fileStorage(path, options)
    storages.push(storage)
    return storage
  }
  return {
    folder,
    path,
    directory,
    names,
    fileStorage: open,
    storage: (beforeChange) => open(beforeChange ? { beforeChange } : {}),
    async die() {
      const lease = await newest('.claim')
      const content = JSON.parse(await readFile(lease, 'utf8')) as object
      await writeFile(lease, JSON.stringify({ ...content, pid: await endedProcess() }))
    },
    async readLog() {
      return readFile(await newest('.log'))
    },
    async writeLog(bytes) {
      await writeFile(await newest('.log'), bytes)
    },
    async readSnapshot(which) {
      return readFile(await snapshot(which))
    },
    async writeSnapshot(which, bytes) {
      if (bytes) await writeFile(await snapshot(which), bytes)
      else await rm(await snapshot(which))
    },
    async wipe() {
      await rm(path)
      for (const name of await readdir(directory)) if (!name.endsWith('.claim')) await rm(join(directory, name))
    },
    async content() {
      const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.claim'))
        .map(({ parentPath, name }) => join(parentPath, name))
      return new Map(
        await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'latin1')] as const)),
      )
    },
    async dispose() {
      for (const storage of storages) await storage.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** `G-E.kind` and `E.claim`. */
function ageOf(name: string): { generation: number; epoch: number } {
  const [, generation = 0, epoch = 0] = /^(?:(\d+)-)?(\d+)\./.exec(name) ?? []
  return { generation: Number(generation), epoch: Number(epoch) }
}

let ended: number | undefined

/** The number of a process that ran and has ended. */
async function endedProcess(): Promise<number> {
  ended ??= spawnSync(process.execPath, ['--version']).pid
  return ended
}
