import { MAX_FOREIGN_BYTES, tooLarge } from './foreign-database.ts'
import { foreign } from './foreign-schema.ts'
import { pageSizeOf } from './schema-pages.ts'

/** A database with the transactions of its write-ahead log. */
export interface RecoveredDatabase {
  /** The database as of the last complete transaction, in the form of a rollback-journal database; `database` itself if the log has none. */
  readonly bytes: Uint8Array
  /** Number of pages in the log after that transaction that belong to it: unfinished, or damaged. */
  readonly leftOut: number
  /** Whether the log has a header of its own that is valid, or is too short to have a page. */
  readonly isReadable: boolean
}

const LOG_HEADER = 32
const FRAME_HEADER = 24
/** The lowest bit says whether the words of the checksums are read as big-endian. */
const MAGIC = 0x377f0682
const VERSION = 3_007_000
const SALTS = 16
const HEADER_CHECKSUM = 24
const WRITE_VERSION = 18
const READ_VERSION = 19

type Checksum = readonly [number, number]

/**
 * Applies a write-ahead log to its database, as SQLite's recovery does: the frames with the salts of the header and valid cumulative
 * checksums, up to the last one that commits. What follows is left out.
 * https://www.sqlite.org/fileformat.html, section 4.
 * @param log the content of `FILE-wal`; no bytes if there is none
 * @throws NOT_A_STORE for a log of another version or of another database, INVALID_ARGUMENT for a database above 256 MiB
 */
export function withWriteAheadLog(database: Uint8Array, log: Uint8Array): RecoveredDatabase {
  // SQLite ignores the log of a database without pages.
  if (database.length === 0 || log.length <= LOG_HEADER) return { bytes: database, leftOut: 0, isReadable: true }
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength)
  const pageSize = pageSizeOfLog(view)
  if (pageSize === undefined) return { bytes: database, leftOut: 0, isReadable: false }
  const frame = FRAME_HEADER + pageSize
  const total = Math.floor((log.length - LOG_HEADER) / frame)
  const { frames, pages } = committed(view, frame, total)
  let leftOut = 0
  // Also a part of one at the end.
  for (let start = LOG_HEADER + frames * frame; start + FRAME_HEADER <= log.length; start += frame) {
    if (isOfLog(view, start)) leftOut++
  }
  if (frames === 0) return { bytes: database, leftOut, isReadable: true }
  const size = pages * pageSize
  if (size > MAX_FOREIGN_BYTES) throw tooLarge(MAX_FOREIGN_BYTES, size)
  const bytes = new Uint8Array(size)
  bytes.set(database.subarray(0, size))
  for (let i = 0; i < frames; i++) {
    const start = LOG_HEADER + i * frame
    const page = view.getUint32(start)
    // The database may have shrunk later.
    if (page <= pages) bytes.set(log.subarray(start + FRAME_HEADER, start + frame), (page - 1) * pageSize)
  }
  const found = pageSizeOf(bytes)
  if (found !== pageSize)
    throw foreign(`the log of this database, got one with pages of ${pageSize} bytes, not ${found}`)
  bytes[WRITE_VERSION] = 1
  bytes[READ_VERSION] = 1
  return { bytes, leftOut, isReadable: true }
}

/** Whether the header of a SQLite database says that it has a write-ahead log, in a file of its own. */
export function hasWriteAheadLog(database: Uint8Array): boolean {
  return database[WRITE_VERSION] === 2 || database[READ_VERSION] === 2
}

/** The size of the pages, undefined for an invalid header. @throws NOT_A_STORE for another version */
function pageSizeOfLog(view: DataView): number | undefined {
  const [magic, version, pageSize] = [view.getUint32(0), view.getUint32(4), view.getUint32(8)]
  if (magic !== MAGIC && magic !== MAGIC + 1) return undefined
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined
  if (!isSum(checksum(view, 0, HEADER_CHECKSUM, [0, 0]), view, HEADER_CHECKSUM)) return undefined
  if (version !== VERSION) throw foreign(`a write-ahead log of version ${VERSION}, got version ${version}`)
  return pageSize
}

/** The number of frames up to the last commit, and how many pages the database has after it. */
function committed(view: DataView, frame: number, total: number): { readonly frames: number; readonly pages: number } {
  let found = { frames: 0, pages: 0 }
  let sum = sumAt(view, HEADER_CHECKSUM)
  for (let i = 0; i < total; i++) {
    const start = LOG_HEADER + i * frame
    if (!isOfLog(view, start) || view.getUint32(start) === 0) break
    sum = checksum(view, start + FRAME_HEADER, start + frame, checksum(view, start, start + 8, sum))
    if (!isSum(sum, view, start + 16)) break
    const pages = view.getUint32(start + 4)
    if (pages > 0) found = { frames: i + 1, pages }
  }
  return found
}

/** Whether a frame has the salts of the header: others remain from before the last checkpoint. */
function isOfLog(view: DataView, start: number): boolean {
  return view.getUint32(start + 8) === view.getUint32(SALTS) && view.getUint32(start + 12) === view.getUint32(SALTS + 4)
}

/** Continues a checksum with an even number of words, read in the order of bytes that the magic number says. */
function checksum(view: DataView, start: number, end: number, [first, second]: Checksum): Checksum {
  const isLittleEndian = view.getUint32(0) === MAGIC
  let [a, b] = [first, second]
  for (let at = start; at < end; at += 8) {
    a = (a + view.getUint32(at, isLittleEndian) + b) >>> 0
    b = (b + view.getUint32(at + 4, isLittleEndian) + a) >>> 0
  }
  return [a, b]
}

/** Stored checksums are always big-endian. */
function sumAt(view: DataView, at: number): Checksum {
  return [view.getUint32(at), view.getUint32(at + 4)]
}

function isSum([a, b]: Checksum, view: DataView, at: number): boolean {
  return a === view.getUint32(at) && b === view.getUint32(at + 4)
}
