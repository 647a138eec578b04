import { link, open, realpath, rename, rmdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { storageError } from '../storage-error.ts'

/** Writes a new file and waits until its bytes are on the disk. Its name is not, until `syncDirectory`. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Replaces a file in one step: whoever reads it, even after a power cut, finds the old bytes or the new ones. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeSynced(`${path}.tmp`, bytes)
  await rename(`${path}.tmp`, path)
  await syncDirectory(dirname(path))
}

/** Waits until the names in a directory are on the disk: without it a rename can be undone by a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories; there NTFS journals the names.
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Runs file operations and gives what they throw a code. */
export async function coded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw storageError(cause, what, isErrno(cause, 'ENOSPC') || isErrno(cause, 'EDQUOT'))
  }
}

/** The answer of a file operation, or undefined where the file is not there. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
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

/** The file that a link leads to: renaming must replace the file, not the link. */
export async function followed(path: string): Promise<string> {
  return (await ifThere(realpath(path))) ?? path
}

/** Gives a file a second name, unless that is taken or the file is not there. */
export async function linked(path: string, name: string): Promise<void> {
  try {
    await link(path, name)
  } catch (error) {
    if (!isErrno(error, 'EEXIST') && !isErrno(error, 'ENOENT')) throw error
  }
}

export async function removeIfEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].some((code) => isErrno(error, code))) throw error
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await ifThere(stat(path))) !== undefined
}
