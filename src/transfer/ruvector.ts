import { checkCount, checkName } from '../checks.ts'
import { EMPTY_IMPORT, type ImportBatch } from '../learning/maintenance/import-batch.ts'
import { NO_FIELD, SkippedRecords } from '../learning/maintenance/skipped-records.ts'
import { ExperienceCollector } from './experience-collector.ts'
import { checkRecord, checkTime, orNull } from './fields.ts'
import { readQTable } from './learning-model/q-table.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from './source.ts'
import { jsonOf, jsonOfLine, linesOf, textOf } from './text.ts'

const META = '_meta'

/**
 * Reads the Q-table of RuVector's hooks, whose names are bare strings. The default agent is `ruvector`. `_meta` counts the updates of a
 * state, which are divided equally among its actions as visits: rounded down, at least 1.
 * @throws NOT_A_STORE for a file that is not JSON in UTF-8, INVALID_ARGUMENT with the path of the error.
 */
export function* readRuvectorQTable(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId } = checkSourceDefaults(options, 'ruvector')
  const skipped = new SkippedRecords()
  const { [META]: ofTable, ...table } = checkRecord(jsonOf(textOf(bytes)), 'the file')
  if (ofTable !== undefined) skipped.add(META, NO_FIELD)
  const updates = new Map<string, number>()
  for (const [state, row] of Object.entries(table)) {
    const path = `table[${JSON.stringify(state.slice(0, 40))}]`
    const meta = checkRecord(checkRecord(row, path)[META] ?? {}, `${path}.${META}`)
    orNull(meta.lastUpdate, (time) => checkTime(time, `${path}.${META}.lastUpdate`))
    updates.set(state, orNull(meta.updateCount, (count) => checkCount(count, `${path}.${META}.updateCount`, 0)) ?? 0)
    skipped.addUnknownFields(meta, ['updateCount'], `${META}: `)
  }
  const visitsOf = (state: string, _: string, actions: number): number =>
    Math.max(1, Math.floor((updates.get(state) ?? 0) / actions))
  const format = { agentId, parseName: (text: string) => text, meta: META, visitsOf }
  const values = yield* readQTable(table, 'table', format)
  return { ...importBatchOf(agentId, skipped), values }
}

const FIELDS = ['id', 'state', 'action', 'reward', 'timestamp']

/**
 * Reads the trajectories of RuVector's hooks, one per line. Each becomes an episode of one step. The default of the agent and of the
 * task type is `ruvector`.
 * @throws NOT_A_STORE for text that is not UTF-8, INVALID_ARGUMENT with the line of the error.
 */
export function* readRuvectorTrajectories(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId, taskType } = checkSourceDefaults(options, 'ruvector')
  const skipped = new SkippedRecords()
  const experiences = new ExperienceCollector(skipped)
  for (const line of linesOf(textOf(bytes))) {
    if (line.number % 1000 === 1) yield { what: 'trajectories', done: line.number - 1, total: undefined }
    const { id, state, action, reward, timestamp, ...others } = checkRecord(jsonOfLine(line), `line ${line.number}`)
    const at = (field: string): string => `${field} in line ${line.number}`
    checkName(state, at('state'))
    checkName(action, at('action'))
    skipped.addUnknownFields(others, FIELDS, 'trajectories: ')
    experiences.add(
      {
        agentId,
        id,
        taskId: null,
        taskType,
        state,
        action,
        reward,
        nextState: null,
        terminated: true,
        truncated: false,
        episodeId: null,
        timestamp,
        behaviorProbability: null,
        actions: null,
      },
      at,
    )
  }
  return { ...importBatchOf(agentId, skipped), experiences: experiences.list }
}

function importBatchOf(agentId: string, skipped: SkippedRecords): ImportBatch {
  return { ...EMPTY_IMPORT, agents: [{ id: agentId, configuration: {} }], skipped: skipped.list() }
}
