import { invalid } from '../../checks.ts'
import type { StoreError } from '../../errors.ts'
import type { ExperienceData, ExperienceFieldKind } from '../../experience-fields.ts'
import { EMPTY_IMPORT } from '../../learning/maintenance/import-batch.ts'
import { NO_FIELD, SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { ExperienceCollector, type UncheckedExperience } from '../experience-collector.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { textOf } from '../text.ts'
import { type Decimal, flagIn, isMissing, jsonIn, nameIn, numberIn, plainIn, timeIn } from './cells.ts'
import type { CsvRow } from './csv.ts'
import { type ColumnMap, type FieldColumns, fieldColumns, mappedNames } from './field-columns.ts'
import { aligned, csvTable } from './table.ts'
import { EXPERIENCE_COLUMNS } from './write.ts'

/** How a CSV file of another program differs from ours. */
export interface CsvOptions extends SourceDefaults {
  readonly map?: ColumnMap
  readonly decimal?: Decimal
}

/** The fields that say what came after an action. */
const OUTCOMES: readonly (keyof ExperienceData)[] = ['nextState', 'terminated', 'truncated']

/**
 * Reads experiences from CSV: the files of `writeExperiencesCsv`, and those that pandas, databases and spreadsheets write. Columns can have any
 * order; all but state, action and reward are optional. The default of the agent and of the task type is `dataset`, that of the
 * next state is null. Missing ids are derived from the content. With a map, a file without a column of what came after an action holds
 * episodes of one step. Rows without a finite reward are skipped.
 * @throws NOT_A_STORE for text that is neither UTF-8 nor UTF-16, INVALID_ARGUMENT with the line of the error.
 */
export function* readExperiencesCsv(
  bytes: Uint8Array,
  { map = {}, decimal = '.', ...options }: CsvOptions = {},
): SourceReader {
  const { agentId, taskType } = checkSourceDefaults(options, 'dataset')
  const skipped = new SkippedRecords()
  const experiences = new ExperienceCollector(skipped)
  const table = csvTable(textOf(bytes), [...EXPERIENCE_COLUMNS, ...mappedNames(map)])
  if (!table) throw invalid('the file', 'a header row and rows', 'an empty file')
  const required = new Set(
    fieldColumns(table.header, map).flatMap(({ field, columns }) =>
      field === 'state' || field === 'action' || field === 'reward' ? columns.map(({ name }) => name) : [],
    ),
  )
  const { header, rows, notes } = aligned(table, (name) => required.has(name))
  const fields = fieldColumns(header, map)
  reportUnused(header, fields, skipped)
  const isOneStep = Object.keys(map).length > 0 && !fields.some(({ field }) => OUTCOMES.includes(field))
  const positions = new Map(
    fields.map(({ field, columns }) => [field as string, columns.map(({ name }) => name).join('+')]),
  )
  let unusable: StoreError | undefined
  for (const row of rows) {
    if (experiences.list.length % 1000 === 0)
      yield { what: 'experiences', done: experiences.list.length, total: undefined }
    const at = (field: string): string => `column ${positions.get(field)?.slice(0, 80) ?? field}, line ${row.number},`
    const { unchecked, infinite } = readRow(row, fields, decimal)
    const lacking = infinite ?? (unchecked.reward === undefined ? 'reward' : undefined)
    if (lacking !== undefined) {
      const name = positions.get(lacking)?.slice(0, 40) ?? lacking
      skipped.add('experiences', `${name} is ${infinite === undefined ? 'empty' : 'an infinite number'}`)
      unusable ??= invalid(
        at(lacking),
        'a finite number',
        infinite === undefined ? undefined : Number.POSITIVE_INFINITY,
      )
      continue
    }
    experiences.add(
      {
        ...unchecked,
        agentId: unchecked.agentId ?? agentId,
        taskType: unchecked.taskType ?? taskType,
        nextState: unchecked.nextState ?? null,
        ...(isOneStep && { terminated: true }),
      },
      at,
    )
  }
  if (unusable && experiences.list.length === 0) throw unusable
  return { ...EMPTY_IMPORT, ...experiences.imported(), skipped: skipped.list(), notes }
}

/** Counts the columns that hold no field. */
function reportUnused(header: readonly string[], fields: readonly FieldColumns[], skipped: SkippedRecords): void {
  const used = new Set(fields.flatMap(({ columns }) => columns.map(({ index }) => index)))
  for (const [i, name] of header.entries()) {
    if (!used.has(i)) skipped.add(name === '' ? 'a column without a name' : name.slice(0, 40), NO_FIELD)
  }
}

interface ReadRow {
  readonly unchecked: UncheckedExperience
  /** The first field with an infinite number. */
  readonly infinite: string | undefined
}

function readRow({ number, cells }: CsvRow, fields: readonly FieldColumns[], decimal: Decimal): ReadRow {
  const unchecked: { [field: string]: unknown } = {}
  let infinite: string | undefined
  for (const { field, kind, columns, isObject } of fields) {
    const values = columns.map(({ name, index }): [string, unknown] => {
      const value = READERS[kind](cells[index] ?? '', decimal, `column ${name.slice(0, 40)}, line ${number}`)
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) infinite ??= field
      return [name, value]
    })
    const isWrapped = isObject || (kind === 'object?' && !isObjectOrMissing(values[0]?.[1]))
    unchecked[field] = isWrapped
      ? Object.fromEntries(values.map(([name, value]) => [name, value ?? null]))
      : values[0]?.[1]
  }
  return { unchecked, infinite }
}

function isObjectOrMissing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && !Array.isArray(value))
}

/** Reads a cell of a kind; undefined for a missing value, and whatever is unreadable for the check to refuse. */
const READERS: { readonly [K in ExperienceFieldKind]: (cell: string, decimal: Decimal, at: string) => unknown } = {
  name: (cell) => nameIn(cell) ?? undefined,
  'name?': (cell) => nameIn(cell) ?? undefined,
  json: plainIn,
  'object?': plainIn,
  'list?': (cell, _, at) => (isMissing(cell) ? undefined : jsonIn(cell, at)),
  number: (cell, decimal, at) => {
    if (isMissing(cell)) return undefined
    const flag = /^\s*(?:true|false)\s*$/i.test(cell) ? Number(flagIn(cell)) : undefined
    return flag ?? numberIn(cell, decimal, at) ?? cell
  },
  'share?': (cell, decimal, at) => (isMissing(cell) ? undefined : (numberIn(cell, decimal, at) ?? cell)),
  flag: (cell) => (isMissing(cell) ? undefined : flagIn(cell)),
  time: (cell) => (isMissing(cell) ? undefined : timeIn(cell)),
}
