import type { CSV_CONTENTS } from '../job.ts'
import { textOf } from '../text.ts'
import { csvRows } from './csv.ts'

/** What a CSV file holds, by its header row: values or patterns as `csv` exports write them, otherwise experiences. */
export function contentOfCsv(bytes: Uint8Array): (typeof CSV_CONTENTS)[number] {
  const head = csvRows(textOf(bytes)).next().value?.cells ?? []
  const hasAll = (...names: readonly string[]): boolean => names.every((name) => head.includes(name))
  if (hasAll('state_key', 'action_key', 'q_value')) return 'values'
  return hasAll('pattern_type', 'pattern_data', 'confidence') ? 'patterns' : 'experiences'
}
