import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../errors.ts'
import { ifExists, isErrno, resolveLink } from './durable-files.ts'

/** A file of another program. */
export interface SourceFile {
  readonly bytes: Uint8Array
  /** Content of the write-ahead log beside a SQLite file, empty if it has none; undefined for other files. */
  readonly wal?: Uint8Array
}

/** What lies beside a SQLite file. */
interface Companions {
  /** Header of the write-ahead log, which changes before a page of it is overwritten; empty without a log. */
  readonly log: string
  /** Whether a rollback journal has a header: a transaction began and has not ended. */
  readonly isUnfinished: boolean
}

/** Reads the content of a file. */
type Read = (path: string) => Promise<Uint8Array>

const SQLITE = Buffer.from('SQLite format 3\0')
const LOG_MAGIC = /^377f068[23]/
const LOG_HEADER = 32
const JOURNAL_MAGIC = 'd9d505f920a163d7'
const ATTEMPTS = 250
/** The first attempts leave the thread to others while they read. Later ones take the shortest time that a writer can leave. */
const WAITING_ATTEMPTS = 3
const MAX_BLOCKING_BYTES = 64 * 2 ** 20
const MAX_PAUSE_MS = 10

/**
 * Reads a file, and the write-ahead log of a SQLite file, as of one moment, although another program may write them meanwhile. Writes
 * and locks nothing.
 *
 * While the header of the log stays the same, the database changes only by checkpoints, which copy pages out of that log: the log,
 * read after the database, has every page that was copied, and all others are unchanged. Without a log, the file is read twice.
 * @param read for tests, which change files while they are read
 * @throws LOCKED if a transaction is unfinished, or the file changes faster than it can be read; and errors of the file system
 */
export async function readSourceFile(given: string, read?: Read): Promise<SourceFile> {
  // SQLite names the log after the file that a symbolic link leads to.
  const path = await resolveLink(given)
  const { size } = await stat(path)
  let isUnfinished = false
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(Math.min(attempt, MAX_PAUSE_MS))
    const isWaiting = attempt < WAITING_ATTEMPTS || size > MAX_BLOCKING_BYTES
    const found = await readAtOnce(path, read ?? (isWaiting ? readFile : readBlocking))
    if ('bytes' in found) return found
    isUnfinished = found.isUnfinished
  }
  throw new StoreError('LOCKED', isUnfinished ? unfinished(given) : busy(given))
}

/**
 * Checks that a file holds all its changes: another program that has it open in WAL mode, or was killed, keeps some beside it. They would be
 * ignored, and applied to whatever is written to the file later.
 * @throws LOCKED
 */
export function checkHasAllChanges(path: string): void {
  const { log, isUnfinished } = companionsOf(path)
  if (isUnfinished) throw new StoreError('LOCKED', unfinished(path))
  if (log === '') return
  const found = `Another program has changes of ${path} in ${path}-wal: it has the file open, or was stopped`
  const remedy = `Close it. If none runs, open the file once with SQLite, which moves the changes to the file: ${opening(path)}`
  throw new StoreError('LOCKED', `${found}. ${remedy}`)
}

/** The content, or the companions with which it could not be read as of one moment. */
async function readAtOnce(path: string, read: Read): Promise<SourceFile | Companions> {
  const before = companionsOf(path)
  const bytes = await read(path)
  if (before.log === '' && !SQLITE.equals(bytes.subarray(0, SQLITE.length))) return { bytes }
  if (before.log !== '') {
    const wal = await ifExists(read(`${path}-wal`))
    const after = companionsOf(path)
    const isSame = wal !== undefined && logHeader(wal) === before.log && after.log === before.log
    return isSame && !before.isUnfinished && !after.isUnfinished ? { bytes, wal } : after
  }
  const between = companionsOf(path)
  const again = await read(path)
  const after = companionsOf(path)
  const isQuiet = [before, between, after].every(({ log, isUnfinished }) => log === '' && !isUnfinished)
  return isQuiet && Buffer.compare(bytes, again) === 0 ? { bytes, wal: new Uint8Array() } : after
}

async function readBlocking(path: string): Promise<Uint8Array> {
  return readFileSync(path)
}

function companionsOf(path: string): Companions {
  const journal = startOf(`${path}-journal`, JOURNAL_MAGIC.length / 2).toString('hex')
  return { log: logHeader(startOf(`${path}-wal`, LOG_HEADER)), isUnfinished: journal === JOURNAL_MAGIC }
}

function logHeader(log: Uint8Array): string {
  const header = Buffer.from(log.subarray(0, LOG_HEADER)).toString('hex')
  return header.length === 2 * LOG_HEADER && LOG_MAGIC.test(header) ? header : ''
}

/** The first bytes of a file; none if it does not exist. */
function startOf(path: string, length: number): Buffer {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return Buffer.alloc(0)
    throw error
  }
  try {
    const start = Buffer.alloc(length)
    return start.subarray(0, readSync(file, start, 0, length, 0))
  } finally {
    closeSync(file)
  }
}

function unfinished(path: string): string {
  const found = `${path} has an unfinished transaction, in ${path}-journal: another program is writing it, or was stopped while it did`
  return `${found}. Import it when that program is done. If none runs, open the file once with SQLite, which undoes the transaction: ${opening(path)}`
}

function opening(path: string): string {
  return `sqlite3 ${JSON.stringify(path)} .tables`
}

function busy(path: string): string {
  const remedy = `Import it when that program pauses, or import a copy: sqlite3 ${JSON.stringify(path)} "VACUUM INTO 'copy.db'"`
  return `Another program changes ${path} faster than it can be read. ${remedy}`
}
