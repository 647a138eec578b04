import { StoreError } from '../../errors.ts'

/**
 * Comma-separated values as RFC 4180 has them. The libraries that are strict enough to say where a file is wrong bring 80 to
 * 120 kB into a browser (they carry Node's Buffer); these two functions are all that is needed, and are tested against one.
 */

/** What a spreadsheet takes for the start of a formula, behind any number of apostrophes. */
const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/

/** A row with its line end. Null is an empty cell. */
export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe before it, which spreadsheets read as "text follows" and
 * `csvRows` takes away again.
 */
function quoted(cell: string | number | boolean | null): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell)
  const text = FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A row with the number of the line that it begins in, counted from 1. */
export interface CsvRow {
  readonly number: number
  readonly cells: readonly string[]
}

/**
 * The rows of a text; lines end in LF or CRLF, the last one need not, and empty ones are skipped.
 * @throws INVALID_ARGUMENT for a quote, or a CR, where none may stand.
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

/** Where a cell ends: for one that begins with a quote behind the quote that closes it. */
function endOfCell(text: string, start: number): number {
  if (text[start] !== '"') {
    const next = /[",\r\n]/g
    next.lastIndex = start
    return next.exec(text)?.index ?? text.length
  }
  let end = text.indexOf('"', start + 1)
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
  // An opening quote that nothing closes ends nowhere, and no separator follows it.
  return end < 0 ? start : end + 1
}

function unquoted(raw: string): string {
  const text = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text
}
