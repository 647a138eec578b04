import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { checkCount, checkFinite, checkName, checkNumber, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { toJson } from '../../learning/core/experience.ts'
import { EMPTY_IMPORT, type ImportedValue } from '../../learning/maintenance/import-batch.ts'
import { NO_FIELD, SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { checkPlain, checkTime } from '../fields.ts'
import { PATTERN_COLUMNS } from '../pattern-columns.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { textOf } from '../text.ts'
import { contentOfCsv } from './content.ts'
import { type CsvOptions, readExperiencesCsv } from './read.ts'
import { aligned, csvTable } from './table.ts'
import { PATTERN_CSV_COLUMNS, VALUE_COLUMNS } from './write.ts'

/** Reads any of the files that `csv` exports write: experiences, values or patterns. With a map it holds experiences. */
export function readCsv(bytes: Uint8Array, options: CsvOptions = {}): SourceReader {
  const { map, decimal, ...defaults } = options
  const content = map === undefined ? contentOfCsv(bytes) : 'experiences'
  if (content === 'experiences') return readExperiencesCsv(bytes, options)
  if (decimal !== undefined) throw invalid('decimal', `left out for a file of ${content}`, decimal)
  return content === 'values' ? readValuesCsv(bytes, defaults) : readPatternsCsv(bytes)
}

/**
 * Reads values in the format of `writeValuesCsv`; without a count of visits, there was one.
 * @throws INVALID_ARGUMENT with the line of the error
 */
function* readValuesCsv(bytes: Uint8Array, options: SourceDefaults): SourceReader {
  const { agentId: fallback } = checkSourceDefaults(options, 'dataset')
  const skipped = new SkippedRecords()
  const values: ImportedValue[] = []
  for (const { cell, line } of rowsOf(bytes, VALUE_COLUMNS, skipped)) {
    if (values.length % 1000 === 0) yield { what: 'values', done: values.length, total: undefined }
    const at = (column: string): string => `column ${column}, line ${line},`
    values.push({
      agentId: checkName(cell('agent_id') ?? fallback, at('agent_id')),
      state: keyIn(cell('state_key'), at('state_key')),
      action: keyIn(cell('action_key'), at('action_key')),
      value: checkFinite(numberIn(cell('q_value')), at('q_value')) || 0,
      visits: checkCount(numberIn(cell('visits') ?? '1'), at('visits'), 0),
    })
  }
  const agents = [...new Set(values.map(({ agentId }) => agentId))].map((id) => ({ id, configuration: {} }))
  return { ...EMPTY_IMPORT, agents, values, skipped: skipped.list() }
}

/** Reads patterns in the format of `writePatternsCsv`. @throws INVALID_ARGUMENT with the line of the error */
function* readPatternsCsv(bytes: Uint8Array): SourceReader {
  const skipped = new SkippedRecords()
  const rows: SqlValue[][] = []
  for (const { cell, line } of rowsOf(bytes, PATTERN_CSV_COLUMNS, skipped)) {
    if (rows.length % 1000 === 0) yield { what: 'patterns', done: rows.length, total: undefined }
    const at = (column: string): string => `column ${column}, line ${line},`
    const count = (column: string): number => checkCount(numberIn(cell(column)), at(column), 0)
    const share = (column: string): number => checkNumber(numberIn(cell(column)), at(column), 0, 1)
    const agentId = cell('agent_id')
    rows.push([
      // Columns are in the order of PATTERN_CSV_COLUMNS; this store numbers its patterns itself.
      agentId === null ? null : checkName(agentId, at('agent_id')),
      checkName(cell('pattern_type'), at('pattern_type')),
      toJson(checkPlain(jsonIn(cell('pattern_data'), at('pattern_data')), at('pattern_data'))),
      share('confidence'),
      share('success_rate'),
      count('usage_count'),
      count('success_count'),
      checkTime(cell('last_used'), at('last_used')),
    ])
  }
  return { ...EMPTY_IMPORT, rows: [{ table: 'patterns', columns: PATTERN_COLUMNS, rows }], skipped: skipped.list() }
}

interface Row {
  readonly line: number
  /** The text of a column; null if the cell is empty or the column is missing. */
  cell(column: string): string | null
}

/** The rows below the header row. Columns without a counterpart are skipped. */
function* rowsOf(bytes: Uint8Array, known: readonly string[], skipped: SkippedRecords): Generator<Row> {
  const table = csvTable(textOf(bytes), known)
  if (!table) return
  const { header, rows } = aligned(table, (name) => known.includes(name))
  const names = header.filter((name) => name !== '')
  if (new Set(names).size < names.length) throw invalid('the header row', 'one of different names', header.join(','))
  for (const name of names) if (!known.includes(name)) skipped.add(name.slice(0, 40), NO_FIELD)
  for (const { number, cells } of rows) {
    yield { line: number, cell: (column) => cells[header.indexOf(column)] || null }
  }
}

/** The number that a cell holds, or else the cell itself, for the check to refuse. */
function numberIn(cell: string | null): unknown {
  return cell === null || cell.trim() === '' || Number.isNaN(Number(cell)) ? cell : Number(cell)
}

function keyIn(cell: string | null, at: string): JsonValue {
  // The key of an empty text is an empty cell.
  return located(at, () => parseKey(cell ?? ''))
}

function jsonIn(cell: string | null, at: string): unknown {
  return located(at, () => JSON.parse(cell ?? '') as unknown)
}

function located<T>(at: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new StoreError('INVALID_ARGUMENT', `Expected ${at} to be valid: ${(cause as Error).message}`, { cause })
  }
}
