import { StoreError } from '../errors.ts'
import { isSqlite } from './check.ts'
import { declared } from './foreign-schema.ts'
import { checkSchemaPages } from './schema-pages.ts'

const FILE_HEADER = 100
const LEAF_HEADER = 8
/** Header offsets. */
const PAGE_SIZE = 16
const RESERVED_BYTES = 20
const TEXT_ENCODING = 56
const ENCODINGS = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be']
/** The columns of the schema are type, name, tbl_name, rootpage and sql. */
const SQL_COLUMN = 4
const MAX_TEXT_BYTES = 2 ** 20
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/gu
const COMMENT = /--.*$|\/\*[\s\S]*?\*\//gm

/**
 * The tables that a SQLite file declares, by name, with the words of their declarations: the names of columns are among them. Read from the
 * bytes without SQLite, to find out what a file is; it is not checked further.
 * https://www.sqlite.org/fileformat.html, sections 1.6 and 2.1.
 * @returns undefined if the schema cannot be read.
 */
export function declaredTables(bytes: Uint8Array): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  if (!isSqlite(bytes)) return undefined
  const tables = new Map<string, ReadonlySet<string>>()
  try {
    for (const text of schemaTexts(bytes)) {
      for (const { name, kind } of declared([text]).values()) {
        if (kind !== 'table' || name.startsWith('sqlite_')) continue
        tables.set(name, new Set(text.replace(COMMENT, '').toLowerCase().match(WORD) ?? []))
      }
    }
    return tables
  } catch (error) {
    // RangeError: an offset outside the file. Whoever reads the file says what is wrong with it.
    if (error instanceof StoreError || error instanceof RangeError) return undefined
    throw error
  }
}

/** The SQL of the schema. */
function* schemaTexts(bytes: Uint8Array): Generator<string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getUint16(PAGE_SIZE) === 1 ? 65_536 : view.getUint16(PAGE_SIZE)
  const decoder = new TextDecoder(ENCODINGS[view.getUint32(TEXT_ENCODING)] ?? 'utf-8')
  for (const page of checkSchemaPages(bytes)) {
    const start = (page - 1) * size
    const header = page === 1 ? start + FILE_HEADER : start
    const cells = view.getUint16(header + 3)
    for (let cell = 0; cell < cells; cell++) {
      const at = start + view.getUint16(header + LEAF_HEADER + 2 * cell)
      const sql = columnOf(payloadAt(view, at, size), SQL_COLUMN)
      if (sql.length > 0) yield decoder.decode(sql)
    }
  }
}

/** The record of a cell, with what is on overflow pages. */
function payloadAt(view: DataView, at: number, size: number): Uint8Array {
  const [length, rowIdAt] = varint(view, at)
  const [, start] = varint(view, rowIdAt)
  if (length > MAX_TEXT_BYTES) throw new RangeError('The record is too long')
  const usable = size - view.getUint8(RESERVED_BYTES)
  const largest = usable - 35
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((length - least) % (usable - 4))
  const local = length <= largest ? length : fitting <= largest ? fitting : least
  const payload = new Uint8Array(length)
  payload.set(new Uint8Array(view.buffer, view.byteOffset + start, local))
  let page = local < length ? view.getUint32(start + local) : 0
  for (let done = local; done < length; ) {
    const from = (page - 1) * size
    const count = Math.min(usable - 4, length - done)
    payload.set(new Uint8Array(view.buffer, view.byteOffset + from + 4, count), done)
    page = view.getUint32(from)
    done += count
  }
  return payload
}

/** The bytes of a text column of a record; none if it is null. */
function columnOf(record: Uint8Array, column: number): Uint8Array {
  const view = new DataView(record.buffer)
  const [headerBytes, first] = varint(view, 0)
  let at = headerBytes
  let next = first
  for (let i = 0; ; i++) {
    const [type, after] = varint(view, next)
    const length = lengthOf(type)
    if (i === column) return record.subarray(at, at + length)
    at += length
    next = after
  }
}

/** The bytes of a value, by its serial type. */
function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0
}

/** A variable-length integer, and where the next value starts. */
function varint(view: DataView, at: number): [value: number, next: number] {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = view.getUint8(at + i)
    value = value * 128 + (byte & 127)
    if (byte < 128) return [value, at + i + 1]
  }
  return [value * 256 + view.getUint8(at + 8), at + 9]
}
