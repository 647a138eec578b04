import { pageSizeOf } from '../../src/sql/schema-pages.ts'

/** A write-ahead log of one transaction that brings a database with pages of the same size to these bytes, in any runtime. */
export function logOf(database: Uint8Array): Uint8Array {
  const pageSize = pageSizeOf(database)
  const pages = database.length / pageSize
  const log = new Uint8Array(32 + pages * (24 + pageSize))
  const view = new DataView(log.buffer)
  let [a, b] = [0, 0]
  const add = (start: number, end: number): void => {
    for (let at = start; at < end; at += 8) {
      a = (a + view.getUint32(at) + b) >>> 0
      b = (b + view.getUint32(at + 4) + a) >>> 0
    }
  }
  const put = (at: number, ...words: readonly number[]): void => {
    for (const [i, word] of words.entries()) view.setUint32(at + 4 * i, word)
  }
  put(0, 0x377f0683, 3_007_000, pageSize, 0, 17, 18)
  add(0, 24)
  put(24, a, b)
  for (let page = 1; page <= pages; page++) {
    const start = 32 + (page - 1) * (24 + pageSize)
    put(start, page, page === pages ? pages : 0, 17, 18)
    log.set(database.subarray((page - 1) * pageSize, page * pageSize), start + 24)
    add(start, start + 8)
    add(start + 24, start + 24 + pageSize)
    put(start + 16, a, b)
  }
  return log
}

/** The same database as it says that it has a write-ahead log. */
export function withLog(database: Uint8Array): Uint8Array {
  const copy = database.slice()
  copy.fill(2, 18, 20)
  return copy
}
