import { foreign } from './foreign-schema.ts'

const FILE_HEADER = 100
const INTERIOR = 5
const LEAF = 13

/**
 * Checks that the file consists of whole pages, and that the pages of the schema form a tree. SQLite reads the schema before it can
 * check anything, and reads a page as often as others refer to it: with twenty pages, each of which refers to the next one hundreds
 * of times, it would never finish.
 * https://www.sqlite.org/fileformat.html, section 1.6.
 * @returns the pages that hold the schema, by number.
 * @throws NOT_A_STORE
 */
export function checkSchemaPages(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = pageSizeOf(bytes)
  if (size < 512 || (size & (size - 1)) !== 0) throw foreign(`pages of a power of two, got ${size} bytes`)
  if (bytes.length % size !== 0) throw foreign(`whole pages of ${size} bytes, got ${bytes.length} bytes`)
  const seen = new Set<number>()
  const waiting = [1]
  const leaves: number[] = []
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    const start = (page - 1) * size
    if (page < 1 || start + size > bytes.length) throw foreign(`the pages of the schema, got no page ${page}`)
    if (seen.has(page)) throw foreign(`a tree of pages, got page ${page} of the schema twice`)
    seen.add(page)
    const header = page === 1 ? start + FILE_HEADER : start
    const kind = view.getUint8(header)
    if (kind === LEAF) {
      leaves.push(page)
      continue
    }
    if (kind !== INTERIOR) throw foreign(`pages of a table in the schema, got kind ${kind}`)
    waiting.push(view.getUint32(header + 8))
    const cells = view.getUint16(header + 3)
    for (let cell = 0; cell < cells; cell++) {
      const pointer = header + 12 + 2 * cell
      const at = pointer + 2 > start + size ? size : view.getUint16(pointer)
      if (at + 4 > size) throw foreign(`cells within their page, got one at ${at}`)
      waiting.push(view.getUint32(start + at))
    }
  }
  return leaves
}

/** The size of the pages of a SQLite file, as its header says. A size of 65,536 does not fit into 16 bits and is stored as 1. */
export function pageSizeOf(bytes: Uint8Array): number {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint16(16)
  return size === 1 ? 65_536 : size
}
