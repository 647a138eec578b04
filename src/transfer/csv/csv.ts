import { StoreError } from '../../errors.ts'

/**
 * Comma-separated values by RFC 4180. Libraries that are strict enough to locate errors add 80 to 120 kB to a page (they include
 * Node's Buffer). These two functions are sufficient, and are tested against such a library.
 */

/** The start of a formula in spreadsheets, after any number of apostrophes. */
const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/

/** Formats a row, with CRLF. Null is an empty cell. */
export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

/**
 * Quotes a cell. Text that spreadsheets would execute as a formula gets an apostrophe prefix, which marks text in spreadsheets and
 * which `csvRows` removes.
 */
function quoted(cell: string | number | boolean | null): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell)
  const text = FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A row of a CSV file. */
export interface CsvRow {
  /** Number of the line in which the row begins, from 1. */
  readonly number: number
  readonly cells: readonly string[]
}

/**
 * Parses the rows of a text. Lines end in LF or CRLF; the last line ending is optional, and empty lines are skipped.
 * @throws INVALID_ARGUMENT for a misplaced quote or CR.
 */
export function* csvRows(text: string): Generator<CsvRow, void, undefined> {
  for (let at = 0, number = 1; at < text.length; ) {
    const cells: string[] = []
    const start = at
    let separator = ','
    while (separator === ',') {
      const end = endOfCell(text, at)
      separator = /^(?:,|\r?\n|$)/.exec(text.slice(end, end + 2))?.[0] ?? '?'
      if (separator === '?') {
        const got = `\`${text.slice(at, end + 1).slice(-40)}\``
        throw new StoreError('INVALID_ARGUMENT', `Expected line ${number} to be comma-separated values, got ${got}`)
      }
      cells.push(unquoted(text.slice(at, end)))
      at = end + separator.length
    }
    if (cells.length > 1 || cells[0] !== '') yield { number, cells }
    number += text.slice(start, at).split('\n').length - 1
  }
}

/** The end of a cell; of a quoted cell, the position after its closing quote. */
function endOfCell(text: string, start: number): number {
  if (text[start] !== '"') {
    const next = /[",\r\n]/g
    next.lastIndex = start
    return next.exec(text)?.index ?? text.length
  }
  let end = text.indexOf('"', start + 1)
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
  // Without a closing quote the cell is only its opening quote, and no separator follows it: an error.
  return end < 0 ? start : end + 1
}

function unquoted(raw: string): string {
  const text = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text
}
