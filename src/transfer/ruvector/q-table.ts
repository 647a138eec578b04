import { checkCount } from '../../checks.ts'
import { NO_FIELD, SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { checkRecord, orNull } from '../fields.ts'
import { readQTable } from '../learning-model/q-table.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { jsonOf, textOf } from '../text.ts'
import { batchOf, checkUpdateTime, RUVECTOR } from './source.ts'

const META = '_meta'

/**
 * Reads the Q-table of RuVector's hooks, whose names are bare strings. The default agent is `ruvector`. `_meta` counts the updates of a
 * state, which are divided equally among its actions as visits: rounded down, at least 1.
 * @throws NOT_A_STORE for a file that is not JSON in UTF-8, INVALID_ARGUMENT with the path of the error.
 */
export function* readRuvectorQTable(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId } = checkSourceDefaults(options, RUVECTOR)
  const skipped = new SkippedRecords()
  const { [META]: ofTable, ...table } = checkRecord(jsonOf(textOf(bytes)), 'the file')
  if (ofTable !== undefined) skipped.add(META, NO_FIELD)
  const updates = new Map<string, { readonly count: number; readonly last: string | null }>()
  for (const [state, row] of Object.entries(table)) {
    const path = `table[${JSON.stringify(state.slice(0, 40))}]`
    const meta = checkRecord(checkRecord(row, path)[META] ?? {}, `${path}.${META}`)
    updates.set(state, {
      count: orNull(meta.updateCount, (count) => checkCount(count, `${path}.${META}.updateCount`, 0)) ?? 0,
      last: checkUpdateTime(meta.lastUpdate, `${path}.${META}.lastUpdate`),
    })
    skipped.addUnknownFields(meta, ['updateCount', 'lastUpdate'], `${META}: `)
  }
  const visitsOf = (state: string, _: string, actions: number): number =>
    Math.max(1, Math.floor((updates.get(state)?.count ?? 0) / actions))
  const lastUpdatedOf = (state: string): string | null => updates.get(state)?.last ?? null
  const format = { agentId, parseName: (text: string) => text, meta: META, visitsOf, lastUpdatedOf }
  const values = yield* readQTable(table, 'table', format)
  return { ...batchOf(agentId, skipped), values }
}
