import { StoreError } from '../errors.ts'
import { isSqlite } from '../sql/check.ts'
import { hasWriteAheadLog, withWriteAheadLog } from '../sql/write-ahead-log.ts'
import type { ImportOptions } from './job.ts'

/** A source with the transactions of its write-ahead log. */
export interface WholeSource {
  readonly bytes: Uint8Array
  /** What may be missing, for people. */
  readonly notes: readonly string[]
  /** Further notes for a source that cannot be imported. */
  readonly hints: readonly string[]
}

/** The files that SQLite makes beside a database, by their first four bytes; the last one is little-endian. */
const COMPANIONS: ReadonlyMap<number, string> = new Map([
  [0x377f0682, 'write-ahead log'],
  [0x377f0683, 'write-ahead log'],
  [0xd9d505f9, 'rollback journal'],
  [0x18e22d00, 'index of the write-ahead log'],
])

/**
 * Applies the write-ahead log that comes with a SQLite file.
 * @throws INVALID_ARGUMENT for the log of a source that is no SQLite file, NOT_A_STORE for that of another one, and for a log without
 * its database
 */
export function wholeSource(source: Uint8Array, { wal, name }: Pick<ImportOptions, 'wal' | 'name'>): WholeSource {
  const file = name ?? 'FILE'
  checkDatabase(source, file)
  const isPart = isSqlite(source) && hasWriteAheadLog(source)
  if (wal === undefined) {
    return { bytes: source, notes: isPart ? [missingLog(file)] : [], hints: [] }
  }
  const { bytes, leftOut, isReadable } = withWriteAheadLog(source, wal)
  if (!isSqlite(bytes)) {
    throw new StoreError(
      'INVALID_ARGUMENT',
      'Expected a SQLite file together with wal, got a source without its header',
    )
  }
  if (!isReadable)
    return { bytes, notes: [`${file}-wal is damaged at its start, or no log of SQLite: it was left out.`], hints: [] }
  if (leftOut === 0) {
    const hint = `If ${file} was copied while its program was running, copy ${file}-wal, too.`
    return { bytes, notes: [], hints: isPart && wal.length === 0 ? [hint] : [] }
  }
  const [pages, reason] = leftOut === 1 ? ['page', 'it belongs'] : [`${leftOut} pages`, 'they belong']
  const note = `SQLite ignores the last ${pages} of ${file}-wal, because ${reason} to an unfinished transaction or to a damaged part`
  return { bytes, notes: [`${note}; this import did the same.`], hints: [] }
}

/** The error of a source that could not be imported, with the notes: what is missing in it may be the reason. */
export function withNotes(error: unknown, notes: readonly string[]): unknown {
  if (notes.length === 0 || !(error instanceof StoreError) || error.code !== 'NOT_A_STORE') return error
  return new StoreError(error.code, [`${error.message}.`, ...notes].join(' '), { cause: error })
}

/** @throws NOT_A_STORE for a file that SQLite made beside a database */
function checkDatabase(source: Uint8Array, file: string): void {
  if (source.length < 4) return
  const companion = COMPANIONS.get(new DataView(source.buffer, source.byteOffset).getUint32(0))
  if (companion === undefined) return
  const database = /-(wal|shm|journal)$/.test(file) ? file.replace(/-\w+$/, '') : 'that database'
  const remedy = `Import ${database}, which brings its -wal file along by path, as the option \`wal\`, or dropped together`
  throw new StoreError('NOT_A_STORE', `${file} is only the ${companion} of a SQLite database. ${remedy}.`)
}

function missingLog(file: string): string {
  const where = `Its newest changes may be in ${file}-wal, which was not given`
  const how = 'In Node, import the path; elsewhere pass the bytes of that file as `wal`, or drop both files together'
  return `The program that wrote this SQLite file uses a write-ahead log. ${where}. ${how}.`
}
