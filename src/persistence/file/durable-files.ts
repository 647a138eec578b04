import { copyFile, link, mkdir, open, readlink, realpath, rename, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { StoreError } from '../../errors.ts'
import { storageError } from '../storage-error.ts'

/** Writes a new file and waits until its bytes are on the disk. Its name is durable only after `syncDirectory`. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Replaces a file atomically: a reader, even after a power cut, finds the old bytes or the new ones. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeSynced(`${path}.tmp`, bytes)
  await rename(`${path}.tmp`, path)
  await syncDirectory(dirname(path))
}

/** Waits until the names in a directory are on the disk: otherwise a power cut can undo a rename. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories; NTFS journals the names.
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Runs file operations and wraps their errors in a StoreError. @param action what they do, for "Failed to …" */
export async function coded<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw storageError(cause, action, isErrno(cause, 'ENOSPC') || isErrno(cause, 'EDQUOT'))
  }
}

/** The result of a file operation, or undefined if the file does not exist. */
export async function ifExists<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * Resolves the symbolic links of a path, also where the file is missing: renaming must replace the file, not the link,
 * and all names of one file must have one log.
 * @throws STORAGE_ERROR if a link leads into a folder that is missing
 */
export async function resolveLink(path: string): Promise<string> {
  const real = await ifExists(realpath(path))
  if (real !== undefined) return real
  const target = await ifExists(readlink(path))
  if (target === undefined) {
    const parent = dirname(path)
    return parent === path ? path : join(await resolveLink(parent), basename(path))
  }
  const full = resolve(await realpath(dirname(path)), target)
  if (await exists(dirname(full))) return resolveLink(full)
  // Making it would put the data beside the volume that is mounted there later.
  const remedy = 'Mount its volume, or create the folder.'
  throw new StoreError('STORAGE_ERROR', `${path} is a link to ${full}, whose folder does not exist. ${remedy}`)
}

/** Gives a file a second name, or a copy without hard links, unless the name is taken or the file does not exist. */
export async function linkIfAbsent(path: string, name: string): Promise<void> {
  try {
    await link(path, name)
  } catch (error) {
    if (isErrno(error, 'EEXIST') || isErrno(error, 'ENOENT')) return
    if (!lacksLinks(error)) throw error
    if (await exists(name)) return
    if ((await ifExists(copyFile(path, `${name}.tmp`).then(() => true))) === undefined) return
    const copy = await open(`${name}.tmp`, 'r+')
    await copy.sync().finally(() => copy.close())
    await rename(`${name}.tmp`, name)
  }
}

/** Whether the file system has no hard links: SMB, virtiofs, FAT, the storage of Android. */
export function lacksLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isErrno(error, code))
}

/**
 * Creates a folder and those above it. Not by `recursive` of Node, which tries for ever where a folder exists and
 * refuses new ones with ENOENT, as /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  const made = await madeAlone(path)
  if (made) return
  const parent = dirname(path)
  if (parent !== path && !(await exists(parent))) await makeDirectory(parent)
  if (!(await madeAlone(path))) throw new StoreError('STORAGE_ERROR', `No folder can be created at ${path}.`)
}

/** Returns false if the folder above is missing. */
async function madeAlone(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false
    const found = await ifExists(stat(path))
    if (found?.isDirectory()) return true
    // Another process removed the folder meanwhile.
    if (!found && isErrno(error, 'EEXIST')) return false
    throw error
  }
}

export async function removeIfEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].some((code) => isErrno(error, code))) throw error
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await ifExists(stat(path))) !== undefined
}
