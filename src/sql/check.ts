import { StoreError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { APPLICATION_ID } from './migrations.ts'

/** The first 16 bytes of every SQLite file, without the closing NUL. https://www.sqlite.org/fileformat.html */
const MAGIC = 'SQLite format 3'
const APPLICATION_ID_OFFSET = 68
/** Size of the header of a SQLite file, in bytes. */
export const HEADER_BYTES = 100

/** Whether the bytes are a SQLite database that this package wrote. Reads the header only. */
export function isOurs(bytes: Uint8Array): boolean {
  return isSqlite(bytes) && header(bytes).getUint32(APPLICATION_ID_OFFSET) === APPLICATION_ID
}

/** Whether the bytes begin with the header of a SQLite database. */
export function isSqlite(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && [...MAGIC].every((letter, i) => bytes[i] === letter.charCodeAt(0))
}

/** Checks the structure of the pages and tables, without the indexes. @throws CORRUPT_SNAPSHOT */
export function quickCheck(connection: Connection): void {
  let found: string
  try {
    found = String(connection.get<[string]>('PRAGMA quick_check(1)')?.[0])
  } catch (cause) {
    throw new StoreError('CORRUPT_SNAPSHOT', 'Expected a whole database, but it cannot be read', { cause })
  }
  if (found !== 'ok') throw new StoreError('CORRUPT_SNAPSHOT', `Expected a whole database, quick_check says: ${found}`)
}

function header(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
}
