import { stat } from 'node:fs/promises'
import { coded, ifExists, resolveLink } from '../../persistence/file/durable-files.ts'
import { readSourceFile, type SourceFile } from '../../persistence/file/source-file.ts'

/** Whether a log lies beside the file, not beside a link to it, so that the file alone may not be the whole store. */
async function hasLog(path: string): Promise<boolean> {
  return (await ifExists(stat(`${await resolveLink(path)}.log`)))?.isDirectory() ?? false
}

/**
 * Reads a file to import: a store with its log, a SQLite file of another program with its write-ahead log.
 * @param readStore the content of the store in a file that has a log
 * @throws LOCKED, STORAGE_ERROR, and what `readStore` throws
 */
export async function importSource(
  path: string,
  readStore: (path: string) => Promise<Uint8Array>,
): Promise<SourceFile> {
  if (await coded(`read ${path}`, () => hasLog(path))) return { bytes: await readStore(path) }
  return coded(`read ${path}`, () => readSourceFile(path))
}
