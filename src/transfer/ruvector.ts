import { checkCount, checkName } from '../checks.ts'
import { EMPTY_IMPORT, type ImportBatch } from '../learning/maintenance/import-batch.ts'
import { ExperiencesRead } from './experiences-read.ts'
import { checkRecord, checkTime, orNull } from './fields.ts'
import { checkLearnedBy, type LearnedBy } from './learned-by.ts'
import { readQTable } from './learning-model/q-table.ts'
import type { Reading } from './reading.ts'
import { SkippedRecords } from './skipped-records.ts'
import { jsonOf, jsonOfLine, linesOf, textOf } from './text.ts'

const META = '_meta'

/**
 * Reads the Q-table of RuVector's hooks, which do not say whose it is: of agent `ruvector` unless given. Names are bare strings. `_meta` counts the updates of a state, not of an action: the
 * actions of a state count an equal part of them each, rounded down, and at least one.
 * @throws NOT_A_STORE for what is not JSON in UTF-8, INVALID_ARGUMENT with the path of what is wrong in it.
 */
export function* readRuvectorQTable(bytes: Uint8Array, options: LearnedBy = {}): Reading {
  const { agentId } = checkLearnedBy(options, 'ruvector')
  const skips = new SkippedRecords()
  const { [META]: ofTable, ...table } = checkRecord(jsonOf(textOf(bytes)), 'the file')
  if (ofTable !== undefined) skips.add(META, 'it has no storage in this store')
  const updates = new Map<string, number>()
  for (const [state, row] of Object.entries(table)) {
    const path = `table[${JSON.stringify(state.slice(0, 40))}]`
    const meta = checkRecord(checkRecord(row, path)[META] ?? {}, `${path}.${META}`)
    orNull(meta.lastUpdate, (time) => checkTime(time, `${path}.${META}.lastUpdate`))
    updates.set(state, orNull(meta.updateCount, (count) => checkCount(count, `${path}.${META}.updateCount`, 0)) ?? 0)
    skips.others(meta, ['updateCount'], `${META}: `)
  }
  const visitsOf = (state: string, _: string, actions: number): number =>
    Math.max(1, Math.floor((updates.get(state) ?? 0) / actions))
  const format = { agentId, meaningOf: (text: string) => text, meta: META, visitsOf }
  const values = yield* readQTable(table, 'table', format)
  return { ...importBatchOf(agentId, skips), values }
}

const FIELDS = ['id', 'state', 'action', 'reward', 'timestamp']

/**
 * Reads the trajectories of RuVector's hooks, one a line: each becomes an experience of one step that terminated, of agent and
 * task type `ruvector` unless given.
 * @throws NOT_A_STORE for what is not UTF-8, INVALID_ARGUMENT with the line of what is wrong.
 */
export function* readRuvectorTrajectories(bytes: Uint8Array, options: LearnedBy = {}): Reading {
  const { agentId, taskType } = checkLearnedBy(options, 'ruvector')
  const skips = new SkippedRecords()
  const read = new ExperiencesRead(skips)
  for (const line of linesOf(textOf(bytes))) {
    if (line.number % 1000 === 1) yield { what: 'trajectories', done: line.number - 1, total: undefined }
    const { id, state, action, reward, timestamp, ...others } = checkRecord(jsonOfLine(line), `line ${line.number}`)
    const at = (field: string): string => `${field} in line ${line.number}`
    checkName(state, at('state'))
    checkName(action, at('action'))
    skips.others(others, FIELDS, 'trajectories: ')
    read.add(
      {
        ...{ agentId, id, taskId: null, taskType, state, action, reward, nextState: null },
        ...{ terminated: true, truncated: false, episodeId: null, timestamp },
        ...{ behaviorProbability: null, actions: null },
      },
      at,
    )
  }
  return { ...importBatchOf(agentId, skips), experiences: read.list }
}

/**
 * The importBatch of a table and of trajectories together. Where the table has a value it holds: it was learned from more than the
 * trajectories that were kept. The trajectories are taken as experiences all the same.
 */
export function ruvectorTogether(table: ImportBatch, trajectories: ImportBatch): ImportBatch {
  return {
    ...table,
    experiences: trajectories.experiences,
    skipped: [...table.skipped, ...trajectories.skipped],
    notes: [...table.notes, ...trajectories.notes],
  }
}

function importBatchOf(agentId: string, skips: SkippedRecords): ImportBatch {
  return { ...EMPTY_IMPORT, agents: [{ id: agentId, configuration: {} }], skipped: skips.list() }
}
