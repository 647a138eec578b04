import { checkObject, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import {
  dataFieldOf,
  EXPERIENCE_FIELD_LIST,
  type ExperienceData,
  type ExperienceFieldKind,
} from '../../experience-fields.ts'

/**
 * The columns of a CSV file that hold the fields of experiences, by field: `{ reward: 'score' }`. `a+b`, a list, or a name with `*` for
 * any characters stands for several columns, which become an object by their names.
 */
export type ColumnMap = { readonly [field: string]: string | readonly string[] }

/** The columns of a field. */
export interface FieldColumns {
  readonly field: keyof ExperienceData
  readonly kind: ExperienceFieldKind
  readonly columns: readonly { readonly name: string; readonly index: number }[]
  /** Whether the columns become an object by their names. */
  readonly isObject: boolean
}

const REQUIRED: readonly string[] = ['state', 'action', 'reward']

/** The names of fields in a map: those of their columns, and those of the API. */
const FIELD_OF: ReadonlyMap<string, string> = new Map([
  ...EXPERIENCE_FIELD_LIST.flatMap(([field, { column }]): [string, string][] => [
    [dataFieldOf(field), column],
    [column, column],
  ]),
  ['probability', 'behavior_probability'],
])

/** Checks a map. @returns it by the columns of `learning_experiences`. @throws INVALID_ARGUMENT */
export function checkMap(map: ColumnMap): ReadonlyMap<string, readonly string[] | string> {
  const checked = new Map<string, string | readonly string[]>()
  for (const [name, columns] of Object.entries(checkObject(map, 'map'))) {
    const field = FIELD_OF.get(name)
    if (field === undefined) {
      const known = EXPERIENCE_FIELD_LIST.map(([, { column }]) => column).join(', ')
      throw new StoreError(
        'INVALID_ARGUMENT',
        `Expected map to have only the fields ${known}, got ${name.slice(0, 40)}`,
      )
    }
    if (checked.has(field)) throw invalid(`map.${name}`, 'given once for a field', name)
    const list: readonly unknown[] = Array.isArray(columns) ? columns : [columns]
    if (list.length === 0 || !list.every((one) => typeof one === 'string' && one.trim() !== '')) {
      throw invalid(`map.${name}`, 'the name of a column, or a list of names', columns)
    }
    checked.set(field, columns)
  }
  return checked
}

/** The names of columns in a map, for finding the delimiter of a file. */
export function mappedNames(map: ColumnMap): readonly string[] {
  return [...checkMap(map).values()].flatMap((columns) =>
    [columns, typeof columns === 'string' ? columns.split('+') : []].flat(2),
  )
}

/** The columns of all fields that a header row has. @throws INVALID_ARGUMENT */
export function fieldColumns(header: readonly string[], map: ColumnMap): readonly FieldColumns[] {
  const checked = checkMap(map)
  const named = new Set([...checked.values()].flatMap((columns) => partsOf(columns, header)))
  const fields = EXPERIENCE_FIELD_LIST.flatMap(([field, { column, kind }]): FieldColumns[] => {
    const mapped = checked.get(column)
    if (mapped === undefined && !header.includes(column)) return []
    const parts = mapped === undefined ? [column] : partsOf(mapped, header)
    const names = parts.flatMap((part) => namesOf(part, header, named))
    const isObject = names.length > 1 || Array.isArray(mapped) || (mapped !== undefined && mapped !== names[0])
    if (isObject && kind !== 'json' && kind !== 'object?') {
      throw new StoreError(
        'INVALID_ARGUMENT',
        `Expected one column for ${column}, got ${parts.join(' and ').slice(0, 80)}`,
      )
    }
    return [{ field: dataFieldOf(field), kind, columns: names.map((name) => columnOf(name, header)), isObject }]
  })
  const missing = REQUIRED.filter((name) => !fields.some(({ field }) => field === name))
  if (missing.length > 0) {
    const expected = `Expected a header row of different names, with ${REQUIRED.join(', ')} among them`
    const advice = `for other names, pass map: { ${missing[0]}: 'COLUMN' } (--map ${missing[0]}=COLUMN)`
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got \`${shown(header)}\`; ${advice}`)
  }
  return fields
}

/** The columns that a map names: a name with a plus is one column if the header row has it. */
function partsOf(columns: string | readonly string[], header: readonly string[]): readonly string[] {
  if (typeof columns !== 'string') return columns
  return header.includes(columns.trim()) ? [columns.trim()] : columns.split('+').map((part) => part.trim())
}

/** The names that a part of a map stands for. A pattern leaves out the columns that the map names otherwise. */
function namesOf(part: string, header: readonly string[], named: ReadonlySet<string>): readonly string[] {
  if (header.includes(part)) return [part]
  const pieces = part.split('*').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${pieces.join('.*')}$`, 's')
  const names = part.includes('*') ? header.filter((name) => name !== '' && pattern.test(name) && !named.has(name)) : []
  if (names.length > 0) return names
  throw new StoreError(
    'INVALID_ARGUMENT',
    `Expected a column ${part.slice(0, 80)}, got the columns \`${shown(header)}\``,
  )
}

function columnOf(name: string, header: readonly string[]): { readonly name: string; readonly index: number } {
  const index = header.indexOf(name)
  if (header.includes(name, index + 1)) {
    const expected = `Expected a header row of different names`
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got \`${name.slice(0, 40)}\` twice`)
  }
  return { name, index }
}

function shown(header: readonly string[]): string {
  const text = header.join(',')
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
