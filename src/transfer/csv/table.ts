import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import { type CsvRow, csvRows, DELIMITERS } from './csv.ts'

/** The first line of a file that names the delimiter for spreadsheets. */
const SEPARATOR = /^sep=(.)[\r\n]/i

/** A CSV file with a header row. */
export interface CsvTable {
  /** The names of the columns, without surrounding spaces; empty for a column without a name. */
  readonly header: readonly string[]
  readonly delimiter: string
  /** The rows below the header row that are not blank. Their cells can be fewer or more than the names. */
  rows(): Generator<CsvRow, void, undefined>
}

/**
 * Reads the header row. The delimiter is the one that `sep=` in the first line names, else the one that gives most of the known names
 * and most columns. Returns undefined for a text without rows.
 * @throws INVALID_ARGUMENT for a misplaced quote.
 */
export function csvTable(text: string, known: readonly string[]): CsvTable | undefined {
  const named = SEPARATOR.exec(text)?.[1]
  const delimiter = named ?? delimiterOf(text, known)
  function* rows(): Generator<CsvRow, void, undefined> {
    let isFirst = named !== undefined
    for (const row of csvRows(text, delimiter)) {
      if (!isFirst && row.cells.some((cell) => cell.trim() !== '')) yield row
      isFirst = false
    }
  }
  const all = rows()
  const first = all.next().value
  if (!first) return undefined
  return {
    header: first.cells.map((name) => name.trim()),
    delimiter,
    *rows() {
      const below = rows()
      below.next()
      yield* below
    },
  }
}

function delimiterOf(text: string, known: readonly string[]): string {
  let [best, most] = [',', -1]
  for (const delimiter of Object.keys(DELIMITERS)) {
    const names = firstRow(text, delimiter).map((name) => name.trim())
    const score = names.filter((name) => known.includes(name)).length * 1_000_000 + names.length
    if (score > most) [best, most] = [delimiter, score]
  }
  return best
}

/** The cells of the first row; none if the text cannot be parsed with this delimiter. */
function firstRow(text: string, delimiter: string): readonly string[] {
  try {
    return csvRows(text, delimiter).next().value?.cells ?? []
  } catch (error) {
    if (error instanceof StoreError) return []
    throw error
  }
}

/** A table whose rows have as many cells as the header has names. */
export interface AlignedTable {
  readonly header: readonly string[]
  readonly rows: Generator<CsvRow, void, undefined>
  /** What was assumed, in whole sentences. */
  readonly notes: readonly string[]
}

/**
 * Aligns the rows of a table with its names. Empty cells at the end of rows may be missing or additional, and an index column may have no name or
 * no place in the header row.
 * @param isRequired whether a column may not be missing.
 * @throws INVALID_ARGUMENT for other rows, with their line, when they are read.
 */
export function aligned(table: CsvTable, isRequired: (name: string) => boolean): AlignedTable {
  const { header } = table
  const names = header.length
  const first = table.rows().next().value
  const difference = (first?.cells.length ?? names) - names
  if (difference === 1 && hasIndex(table)) {
    const notes = ['The rows have one cell more than the header row: the first one is left out as an index.']
    const withIndex = ['', ...header]
    return { header: withIndex, rows: alignedRows(table, withIndex, isRequired), notes }
  }
  if (difference === -1 && header[0] === '' && everyRow(table, ({ cells }) => cells.length === names - 1)) {
    if (!isRequired(header.at(-1) ?? '')) {
      const got = `\`${header.join(table.delimiter).slice(0, 80)}\` above rows of one cell less`
      throw new StoreError('INVALID_ARGUMENT', `Expected a header row with a name for each column, got ${got}`)
    }
    const named = header.slice(1)
    return { header: named, rows: alignedRows(table, named, isRequired), notes: [] }
  }
  return { header, rows: alignedRows(table, header, isRequired), notes: [] }
}

/** Whether rows begin with a column that the header row lacks: each has one cell more, and no two the same first one. */
function hasIndex(table: CsvTable): boolean {
  const names = table.header.length
  const seen = new Set<string>()
  let isPadded = true
  const isIndexed = everyRow(table, ({ cells }) => {
    const [index = ''] = cells
    if (cells[names] !== '') isPadded = false
    const isNew = index !== '' && !seen.has(index)
    seen.add(index)
    return cells.length === names + 1 && isNew
  })
  return isIndexed && !isPadded
}

function everyRow(table: CsvTable, holds: (row: CsvRow) => boolean): boolean {
  for (const row of table.rows()) if (!holds(row)) return false
  return true
}

function* alignedRows(
  table: CsvTable,
  header: readonly string[],
  isRequired: (name: string) => boolean,
): Generator<CsvRow, void, undefined> {
  const least = header.findLastIndex(isRequired) + 1
  for (const row of table.rows()) {
    const { number, cells } = row
    if (cells.length < least || cells.slice(header.length).some((cell) => cell !== '')) {
      throw invalid(`line ${number}`, `a row of ${header.length} cells, as the header row is`, cells.length)
    }
    yield cells.length === header.length ? row : { number, cells: header.map((_, i) => cells[i] ?? '') }
  }
}
