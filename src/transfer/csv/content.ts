import type { CSV_CONTENTS } from '../job.ts'
import { textOf } from '../text.ts'
import { csvTable } from './table.ts'
import { EXPERIENCE_COLUMNS, PATTERN_CSV_COLUMNS, VALUE_COLUMNS } from './write.ts'

const KNOWN = [...EXPERIENCE_COLUMNS, ...VALUE_COLUMNS, ...PATTERN_CSV_COLUMNS]

/** What a CSV file holds, by its header row: values or patterns as `csv` exports write them, otherwise experiences. */
export function contentOfCsv(bytes: Uint8Array): (typeof CSV_CONTENTS)[number] {
  const head = csvTable(textOf(bytes), KNOWN)?.header ?? []
  const hasAll = (...names: readonly string[]): boolean => names.every((name) => head.includes(name))
  if (hasAll('state_key', 'action_key', 'q_value')) return 'values'
  return hasAll('pattern_type', 'pattern_data', 'confidence') ? 'patterns' : 'experiences'
}
