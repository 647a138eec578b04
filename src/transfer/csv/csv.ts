import { StoreError } from '../../errors.ts'

/**
 * Comma-separated values by RFC 4180, and the variants of it that spreadsheets write. Libraries that are strict enough to locate errors
 * add 80 to 120 kB to a page (they include Node's Buffer); smaller ones parse a whole text at once, which would keep other calls waiting.
 * These two functions are sufficient, and are tested against a library.
 */

/** The characters that can separate columns, in the order of preference, and what a file with them is called. */
export const DELIMITERS: { readonly [delimiter: string]: string } = {
  ',': 'comma-separated values',
  ';': 'semicolon-separated values',
  '\t': 'tab-separated values',
  '|': 'values separated by |',
}

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
 * Parses the rows of a text. Lines end in LF, CRLF or CR; the last line ending is optional, and empty lines are skipped.
 * @throws INVALID_ARGUMENT for a misplaced quote.
 */
export function* csvRows(text: string, delimiter: string = ','): Generator<CsvRow, void, undefined> {
  const ending = new RegExp(`["\r\n${delimiter === '|' ? '\\|' : delimiter}]`, 'g')
  for (let at = 0, number = 1; at < text.length; ) {
    const cells: string[] = []
    const start = at
    let separator: string | undefined = delimiter
    while (separator === delimiter) {
      const end = endOfCell(text, at, ending)
      separator = separatorAt(text, end, delimiter)
      if (separator === undefined) {
        const got = `\`${text.slice(at, end + 1).slice(-40)}\``
        const expected = DELIMITERS[delimiter] ?? `values separated by ${delimiter}`
        throw new StoreError('INVALID_ARGUMENT', `Expected line ${number} to be ${expected}, got ${got}`)
      }
      cells.push(unquoted(text.slice(at, end)))
      at = end + separator.length
    }
    if (cells.length > 1 || cells[0] !== '') yield { number, cells }
    number += linesIn(text, start, at)
  }
}

/** The separator at a position: the delimiter, a line ending or, at the end of the text, nothing; undefined for anything else. */
function separatorAt(text: string, at: number, delimiter: string): string | undefined {
  const next = text[at]
  if (next === undefined) return ''
  if (next === '\r' && text[at + 1] === '\n') return '\r\n'
  return next === delimiter || next === '\r' || next === '\n' ? next : undefined
}

/** The end of a cell; of a quoted cell, the position after its closing quote. */
function endOfCell(text: string, start: number, ending: RegExp): number {
  if (text[start] !== '"') {
    ending.lastIndex = start
    return ending.exec(text)?.index ?? text.length
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

/** The number of line endings in a part of a text. */
function linesIn(text: string, start: number, end: number): number {
  let count = 0
  for (const _ of text.slice(start, end).matchAll(/\r\n|\r|\n/g)) count++
  return count
}
