import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import { EMPTY_IMPORT } from '../../learning/maintenance/import-batch.ts'
import { ExperiencesRead } from '../experiences-read.ts'
import { checkLearnedBy, type LearnedBy } from '../learned-by.ts'
import type { Reading } from '../reading.ts'
import { SkippedRecords } from '../skipped-records.ts'
import { textOf } from '../text.ts'
import { csvRows } from './csv.ts'
import { EXPERIENCE_COLUMNS } from './write.ts'

const REQUIRED = ['state', 'action', 'reward']

/**
 * Reads experiences from CSV as `writeExperiencesCsv` writes them: the columns in any order, all but state, action and reward
 * optional. Where the agent or the task type is missing it is `dataset` unless given; a next state that is missing is null, and ids
 * of experiences follow from what they hold.
 * @throws NOT_A_STORE for what is not UTF-8, INVALID_ARGUMENT with the line of what is wrong.
 */
export function* readExperiencesCsv(bytes: Uint8Array, options: LearnedBy = {}): Reading {
  const { agentId, taskType } = checkLearnedBy(options, 'dataset')
  const skips = new SkippedRecords()
  const read = new ExperiencesRead(skips)
  let storages: ReadonlyMap<string, number> | undefined
  for (const { number, cells } of csvRows(textOf(bytes))) {
    if (!storages) {
      storages = new Map(checkHeader(cells).map((name, i) => [name, i]))
      for (const name of cells)
        if (!EXPERIENCE_COLUMNS.includes(name)) skips.add(name.slice(0, 40), 'it has no storage in this store')
      continue
    }
    if (read.list.length % 1000 === 0) yield { what: 'experiences', done: read.list.length, total: undefined }
    if (cells.length !== storages.size) {
      throw invalid(`line ${number}`, `a row of ${storages.size} cells, as the header row is`, cells.length)
    }
    const columns = storages
    const cell = (name: string): string | null => cells[columns.get(name) ?? -1] || null
    const at = (field: string): string => `column ${COLUMN_OF[field] ?? field}, line ${number},`
    const json = (name: string): unknown => parsed(cell(name), `column ${name}, line ${number}`)
    const told = {
      ...{ agentId: cell('agent_id') ?? agentId, id: cell('experience_id'), taskId: cell('task_id') },
      ...{ taskType: cell('task_type') ?? taskType, state: json('state'), action: json('action') },
      ...{ reward: json('reward'), nextState: json('next_state') ?? null },
      ...{ terminated: json('terminated'), truncated: json('truncated') },
      ...{ episodeId: cell('episode_id'), timestamp: cell('timestamp') },
      ...{ behaviorProbability: json('behavior_probability'), actions: json('available_actions') },
    }
    read.add(told, at)
  }
  if (!storages) throw invalid('the file', 'a header row and rows', 'an empty file')
  const agents = [...new Set(read.list.map((one) => one.agentId))].map((id) => ({ id, configuration: {} }))
  return { ...EMPTY_IMPORT, agents, experiences: read.list, skipped: skips.list() }
}

const COLUMN_OF: { readonly [field: string]: string } = {
  ...{ agentId: 'agent_id', id: 'experience_id', taskId: 'task_id', taskType: 'task_type', nextState: 'next_state' },
  ...{ episodeId: 'episode_id', behaviorProbability: 'behavior_probability', actions: 'available_actions' },
}

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

/** Numbers, true and false are written as JSON writes them. */
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
