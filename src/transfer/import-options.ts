import { checkBoolean, checkName, checkOneOf, checkOptions, invalid } from '../checks.ts'
import { StoreError } from '../errors.ts'
import { DECIMALS } from './csv/cells.ts'
import { checkMap } from './csv/field-columns.ts'
import { DUPLICATES, IMPORT_FORMATS, type ImportFormat, type ImportOptions } from './job.ts'

const FIELDS = [
  'format',
  'name',
  'wal',
  'agentId',
  'taskType',
  'map',
  'decimal',
  'duplicates',
  'dryRun',
  'forgetRemoved',
] as const

/** Checks the options of an import, and returns them. @throws INVALID_ARGUMENT */
export function checkImportOptions(options: ImportOptions): ImportOptions {
  const { format, name, wal, agentId, taskType, map, decimal, duplicates, dryRun, forgetRemoved } = checkOptions(
    options,
    'the options',
    FIELDS,
  )
  if (format !== undefined) checkOneOf(format, 'format', IMPORT_FORMATS)
  if (wal !== undefined && !(wal instanceof Uint8Array)) throw invalid('wal', 'a Uint8Array', wal)
  if (map !== undefined) checkMap(map)
  if (decimal !== undefined) checkOneOf(decimal, 'decimal', DECIMALS)
  if (duplicates !== undefined) checkOneOf(duplicates, 'duplicates', DUPLICATES)
  for (const [what, value] of Object.entries({ name, agentId, taskType })) {
    if (value !== undefined) checkName(value, what)
  }
  for (const [what, value] of Object.entries({ dryRun, forgetRemoved })) {
    if (value !== undefined) checkBoolean(value, what)
  }
  return options
}

/** Refuses the options of CSV with another format. @throws INVALID_ARGUMENT */
export function checkOnlyForCsv(format: ImportFormat, options: ImportOptions): void {
  for (const name of ['map', 'decimal'] as const) {
    if (format !== 'csv' && options[name] !== undefined) {
      throw new StoreError('INVALID_ARGUMENT', `Expected ${name} only with the format csv, got the format ${format}`)
    }
  }
}
