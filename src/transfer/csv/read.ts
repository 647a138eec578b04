import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import { dataFieldOf, EXPERIENCE_FIELD_LIST } from '../../experience-fields.ts'
import { EMPTY_IMPORT } from '../../learning/maintenance/import-batch.ts'
import { NO_FIELD, SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { ExperienceCollector, type UncheckedExperience } from '../experience-collector.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { textOf } from '../text.ts'
import { csvRows } from './csv.ts'
import { EXPERIENCE_COLUMNS } from './write.ts'

const REQUIRED = ['state', 'action', 'reward']

/**
 * Reads experiences from CSV in the format of `writeExperiencesCsv`. Columns can have any order; all but state, action and reward are
 * optional. The default of the agent and of the task type is `dataset`, that of the next state is null. Missing ids are derived from
 * the content.
 * @throws NOT_A_STORE for text that is not UTF-8, INVALID_ARGUMENT with the line of the error.
 */
export function* readExperiencesCsv(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId, taskType } = checkSourceDefaults(options, 'dataset')
  const skipped = new SkippedRecords()
  const experiences = new ExperienceCollector(skipped)
  let header: ReadonlyMap<string, number> | undefined
  for (const { number, cells } of csvRows(textOf(bytes))) {
    if (!header) {
      header = new Map(checkHeader(cells).map((name, i) => [name, i]))
      for (const name of cells) if (!EXPERIENCE_COLUMNS.includes(name)) skipped.add(name.slice(0, 40), NO_FIELD)
      continue
    }
    if (experiences.list.length % 1000 === 0)
      yield { what: 'experiences', done: experiences.list.length, total: undefined }
    if (cells.length !== header.size) {
      throw invalid(`line ${number}`, `a row of ${header.size} cells, as the header row is`, cells.length)
    }
    const columns = header
    const cell = (name: string): string | null => cells[columns.get(name) ?? -1] || null
    const at = (field: string): string => `column ${COLUMN_OF[field] ?? field}, line ${number},`
    const json = (name: string): unknown => parsed(cell(name), `column ${name}, line ${number}`)
    const value = ([field, { column, kind }]: (typeof EXPERIENCE_FIELD_LIST)[number]): [string, unknown] => [
      dataFieldOf(field),
      kind === 'name' || kind === 'name?' || kind === 'time' ? cell(column) : json(column),
    ]
    const unchecked = Object.fromEntries(EXPERIENCE_FIELD_LIST.map(value)) as UncheckedExperience
    const defaults = {
      agentId: unchecked.agentId ?? agentId,
      taskType: unchecked.taskType ?? taskType,
      nextState: unchecked.nextState ?? null,
    }
    experiences.add({ ...unchecked, ...defaults }, at)
  }
  if (!header) throw invalid('the file', 'a header row and rows', 'an empty file')
  return { ...EMPTY_IMPORT, ...experiences.imported(), skipped: skipped.list() }
}

const COLUMN_OF: { readonly [field: string]: string } = Object.fromEntries(
  EXPERIENCE_FIELD_LIST.map(([field, { column }]) => [dataFieldOf(field), column]),
)

function checkHeader(cells: readonly string[]): readonly string[] {
  const missing = REQUIRED.filter((name) => !cells.includes(name))
  if (missing.length === 0 && new Set(cells).size === cells.length) return cells
  const got = `got \`${cells.join(',').slice(0, 80)}\``
  const [only = '', ...others] = cells
  const separator = others.length === 0 ? [';', '\t', '|'].find((one) => only.split(one).length > 2) : undefined
  const expected = separator
    ? 'Expected columns separated by commas'
    : `Expected a header row of different names, with ${REQUIRED.join(', ')} among them`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, ${got}`)
}

/** Parses a cell of JSON. Text must be quoted, because a bare word could be meant as text or as true, false or null. */
function parsed(cell: string | null, at: string): unknown {
  if (cell === null) return undefined
  try {
    return JSON.parse(cell)
  } catch (cause) {
    const [got, quoted] = [cell, JSON.stringify(cell)].map((text) =>
      text.length > 40 ? `${text.slice(0, 40)}…` : text,
    )
    const message = `Expected JSON in ${at}: ${got} is not JSON; a text is written ${quoted} in quotes`
    throw new StoreError('INVALID_ARGUMENT', message, { cause })
  }
}
