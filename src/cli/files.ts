import { readFileSync } from 'node:fs'
import { constants, copyFile, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve, sep } from 'node:path'
import { followed, ifThere, isThere } from '../persistence/file/durable-files.ts'
import { nodeStorage } from '../runtime/node/storage.ts'
import { Failure } from './failure.ts'

/** The file of a storage. Only a file can be worked on from outside. @throws USAGE */
export function pathOf(storage: string): string {
  if (!/^(file|memory|indexeddb):/.test(storage)) {
    throw new Failure(
      'USAGE',
      `Expected --storage to be file:PATH, got ${storage}; did you mean --storage file:${storage}`,
    )
  }
  const { name } = nodeStorage(storage)
  if (!name.startsWith('file:'))
    throw new Failure('USAGE', `Expected --storage to name a file, file:PATH, got ${storage}`)
  return name.slice(5)
}

export async function isAnyThere(path: string): Promise<boolean> {
  return (await isThere(path)) || (await isThere(`${path}.log`))
}

/** Whether a store lies here with its log, so that the file alone is not all of it. */
export async function isStoreThere(path: string): Promise<boolean> {
  return (await ifThere(stat(`${path}.log`)))?.isDirectory() ?? false
}

/** @param path with `/`. */
export function inFolder(folder: string, path: string): string {
  return join(folder, ...path.split('/'))
}

/** @throws NO_STORE where there is neither the file nor the log beside it; opening it would make one. */
export async function checkThere(path: string): Promise<void> {
  if (await isAnyThere(path)) return
  throw new Failure(
    'NO_STORE',
    `There is no store in ${path}. Name another with --storage file:PATH or AQE_DB_PATH; one is made when an agent first learns, or by \`learning-store import\`.`,
  )
}

export async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new Failure('NOT_FOUND', `Expected to read ${resolve(path)}: ${(error as Error).message}`)
  }
}

/** @throws USAGE where a file to write is that of the store, by whatever name, or one of its log. */
export async function checkNotOf(store: string, path: string): Promise<void> {
  const file = await followed(store)
  const [own, there] = await Promise.all([ifThere(stat(file)), ifThere(stat(path))])
  const isSame = own !== undefined && there !== undefined && own.ino === there.ino && own.dev === there.dev
  const real = await realPathOf(path)
  const realStore = await realPathOf(file)
  if (isSame || real === realStore || `${real}${sep}`.startsWith(`${realStore}.log${sep}`)) {
    throw new Failure('USAGE', `Expected --output to be another file than those of the store, got ${resolve(path)}`)
  }
}

/** Also of a file that is not there yet. */
async function realPathOf(path: string): Promise<string> {
  const full = resolve(path)
  const real = await ifThere(realpath(full))
  return real ?? (dirname(full) === full ? full : join(await realPathOf(dirname(full)), basename(full)))
}

/** Writes a new file; one that is there is not overwritten unless that is wanted. */
export async function writeOutput(path: string, content: Uint8Array | string, overwrite: boolean): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await writeFile(path, content, { flag: overwrite ? 'w' : 'wx' })
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const why = isTaken ? 'it is there already; --force overwrites it' : (error as Error).message
    throw new Failure(isTaken ? 'NOT_CONFIRMED' : 'STORAGE_ERROR', `Expected to write ${resolve(path)}: ${why}`)
  }
}

/** The file of one agent among several: its id goes into the name. */
export function fileOf(output: string, agentId: string): string {
  const end = extname(output)
  return `${output.slice(0, output.length - end.length)}-${encodeURIComponent(agentId)}${end}`
}

/** Copies a closed store beside it, under the first name that is free. Answers that name. */
export async function copyBeside(path: string, stamp: string): Promise<string> {
  for (let n = 0; ; n++) {
    const copy = `${path}.${stamp}${n === 0 ? '' : `-${n}`}.snapshot`
    try {
      await copyFile(path, copy, constants.COPYFILE_EXCL)
      return copy
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Three folders above where the build puts this module. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
