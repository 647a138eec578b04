import { createHash } from 'node:crypto'
import { constants, copyFile, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve, sep } from 'node:path'
import { coded, exists, ifExists, isErrno, resolveLink } from '../persistence/file/durable-files.ts'
import { nodeStorage } from '../runtime/node/storage.ts'
import { Failure } from './failure.ts'

/** The path of a storage, which must be a file. @throws USAGE */
export function pathOf(storage: string): string {
  if (!/^(file|memory|indexeddb):/.test(storage)) {
    throw new Failure(
      'USAGE',
      `Expected the storage to be file:PATH, got ${storage}; did you mean --storage file:${storage}?`,
    )
  }
  const { name } = nodeStorage(storage)
  if (!name.startsWith('file:')) throw new Failure('USAGE', `Expected the storage to be file:PATH, got ${storage}`)
  return name.slice(5)
}

/** Whether there is a store, or the log of one whose file is missing. */
export async function storeExists(path: string): Promise<boolean> {
  return (await exists(path)) || (await exists(await logOf(path)))
}

/** The log lies beside the file itself, not beside a link to it. */
export async function logOf(path: string): Promise<string> {
  return `${await resolveLink(path)}.log`
}

/** @param path relative, with `/` */
export function inFolder(folder: string, path: string): string {
  return join(folder, ...path.split('/'))
}

/** Opening a store would create it. @throws NO_STORE if it does not exist */
export async function checkStoreExists(path: string): Promise<void> {
  if (await storeExists(path)) return
  throw new Failure(
    'NO_STORE',
    `No learning store in ${path}. Name another one with --storage file:PATH. Agents create a store when they first learn, and so does \`learning-store import\`.`,
  )
}

/** The files that SQLite makes beside a database: its write-ahead log, the index of that, and its rollback journal. */
const COMPANION = /-(wal|shm|journal)$/

/** The names without those of files that belong to a database which is among them. */
export function withoutCompanions(names: readonly string[]): readonly string[] {
  const all = new Set(names)
  return names.filter((name) => !COMPANION.test(name) || !all.has(name.replace(COMPANION, '')))
}

/**
 * The files of a folder and of those in it, by name; a file is the only one of itself. The logs of stores are left out, and what SQLite
 * made beside a database.
 */
export async function filesAt(path: string): Promise<readonly string[]> {
  const isFolder = (await ifExists(stat(path)))?.isDirectory() ?? false
  if (!isFolder) return [path]
  const files: string[] = []
  const entries = await readdir(path, { withFileTypes: true })
  const names = new Set(withoutCompanions(entries.map(({ name }) => name)))
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!names.has(entry.name)) continue
    const inner = join(path, entry.name)
    if (entry.isFile()) files.push(inner)
    else if (entry.isDirectory() && !entry.name.endsWith('.log')) files.push(...(await filesAt(inner)))
  }
  return files
}

/** @throws NOT_FOUND */
export async function checkFileExists(path: string): Promise<void> {
  if (!(await storeExists(path))) throw new Failure('NOT_FOUND', `Cannot read ${resolve(path)}: there is no such file`)
}

export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new Failure('NOT_FOUND', `Cannot read ${resolve(path)}: ${(error as Error).message}`)
  }
}

/** @throws USAGE if the path is the file of the store, under any name, or lies in its log */
export async function checkOutsideStore(store: string, path: string): Promise<void> {
  const file = await resolveLink(store)
  const [own, other] = await Promise.all([ifExists(stat(file)), ifExists(stat(path))])
  const isSame = own !== undefined && other !== undefined && own.ino === other.ino && own.dev === other.dev
  const real = await realPathOf(path)
  const realStore = await realPathOf(file)
  if (isSame || real === realStore || `${real}${sep}`.startsWith(`${realStore}.log${sep}`)) {
    throw new Failure('USAGE', `Expected --output to be a file outside the store, got ${resolve(path)}`)
  }
}

/** Works for a file that does not exist yet, too. */
async function realPathOf(path: string): Promise<string> {
  const full = resolve(path)
  const real = await ifExists(realpath(full))
  return real ?? (dirname(full) === full ? full : join(await realPathOf(dirname(full)), basename(full)))
}

/** Writes a file and the folders above it. @throws NOT_CONFIRMED if the file exists and `overwrite` is false */
export async function writeOutput(path: string, content: Uint8Array | string, overwrite: boolean): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await writeFile(path, content, { flag: overwrite ? 'w' : 'wx' })
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const reason = isTaken ? 'the file exists; use --force to overwrite it' : (error as Error).message
    throw new Failure(isTaken ? 'NOT_CONFIRMED' : 'STORAGE_ERROR', `Cannot write ${resolve(path)}: ${reason}`)
  }
}

/** The longest part of a file name that an id makes: file systems take 255 bytes. */
const MAX_ID_IN_NAME = 120

/** The file of one of several agents: the output with the agent's id in its name, of a long id its beginning and a hash. */
export function fileOf(output: string, agentId: string): string {
  const end = extname(output)
  const id = encodeURIComponent(agentId)
  const hash = createHash('sha256').update(agentId).digest('hex').slice(0, 16)
  const part = id.length <= MAX_ID_IN_NAME ? id : `${id.slice(0, MAX_ID_IN_NAME - hash.length - 1)}~${hash}`
  return `${output.slice(0, output.length - end.length)}-${part}${end}`
}

/** Copies a closed store to a new file beside it. @returns the name of the copy */
export function copyBeside(path: string, stamp: string): Promise<string> {
  return makeBeside(path, stamp, (copy) => copyFile(path, copy, constants.COPYFILE_EXCL))
}

/** Writes a snapshot of a store to a new file beside it. @returns the name of the file @throws STORAGE_ERROR */
export function writeBeside(path: string, stamp: string, bytes: Uint8Array): Promise<string> {
  return coded(`write beside ${path}`, () => makeBeside(path, stamp, (file) => writeFile(file, bytes, { flag: 'wx' })))
}

async function makeBeside(path: string, stamp: string, make: (file: string) => Promise<void>): Promise<string> {
  for (let n = 0; ; n++) {
    const file = `${path}.${stamp}${n === 0 ? '' : `-${n}`}.snapshot`
    try {
      await make(file)
      return file
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
    }
  }
}
