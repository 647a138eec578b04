import { invalid } from '../checks.ts'
import { StoreError } from '../errors.ts'
import { NOTHING_TAKEN } from '../learning/intake.ts'
import { csvRows } from './csv.ts'
import { EXPERIENCE_COLUMNS } from './csv-writing.ts'
import { ExperiencesRead } from './experiences-read.ts'
import type { Reading } from './reading.ts'
import { Skips } from './skips.ts'
import { textOf } from './text.ts'

const REQUIRED = ['agent_id', 'task_type', 'state', 'action', 'reward', 'next_state']

/**
 * Reads experiences from CSV as `writeExperiencesCsv` writes them: the columns in any order, those that may be null optional.
 * @throws FOREIGN_FILE for what is not UTF-8, INVALID_ARGUMENT with the line of what is wrong.
 */
export function* readExperiencesCsv(bytes: Uint8Array): Reading {
  const skips = new Skips()
  const read = new ExperiencesRead(skips)
  let places: ReadonlyMap<string, number> | undefined
  for (const { number, cells } of csvRows(textOf(bytes))) {
    if (!places) {
      places = new Map(checkHead(cells).map((name, i) => [name, i]))
      for (const name of cells)
        if (!EXPERIENCE_COLUMNS.includes(name)) skips.add(name.slice(0, 40), 'it has no place in this store')
      continue
    }
    if (read.list.length % 1000 === 0) yield { what: 'experiences', done: read.list.length, total: undefined }
    if (cells.length !== places.size) {
      throw invalid(`line ${number}`, `a row of ${places.size} cells`, `${cells.length} cells`)
    }
    const columns = places
    const cell = (name: string): string | null => cells[columns.get(name) ?? -1] || null
    const at = (field: string): string => `${COLUMN_OF[field] ?? field} in line ${number}`
    const json = (name: string): unknown => parsed(cell(name), `${name} in line ${number}`)
    const told = {
      ...{ agentId: cell('agent_id'), id: cell('experience_id'), taskId: cell('task_id') },
      ...{ taskType: cell('task_type'), state: json('state'), action: json('action'), reward: json('reward') },
      ...{ nextState: json('next_state'), terminated: json('terminated'), truncated: json('truncated') },
      ...{ episodeId: cell('episode_id'), timestamp: cell('timestamp') },
      ...{ behaviorProbability: json('behavior_probability'), availableActions: json('available_actions') },
    }
    read.add(told, at)
  }
  if (!places) throw invalid('the file', 'a head and rows', 'an empty file')
  const agents = [...new Set(read.list.map((one) => one.agentId))].map((id) => ({ id, configuration: {} }))
  return { ...NOTHING_TAKEN, agents, experiences: read.list, skipped: skips.list() }
}

const COLUMN_OF: { readonly [field: string]: string } = {
  ...{ agentId: 'agent_id', id: 'experience_id', taskId: 'task_id', taskType: 'task_type', nextState: 'next_state' },
  ...{ episodeId: 'episode_id', behaviorProbability: 'behavior_probability', availableActions: 'available_actions' },
}

function checkHead(cells: readonly string[]): readonly string[] {
  const missing = REQUIRED.filter((name) => !cells.includes(name))
  if (missing.length === 0 && new Set(cells).size === cells.length) return cells
  const expected = `Expected a head of different names, with ${REQUIRED.join(', ')} among them`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got \`${cells.join(',').slice(0, 80)}\``)
}

/** Numbers, true and false are written as JSON writes them. */
function parsed(cell: string | null, what: string): unknown {
  if (cell === null) return undefined
  try {
    return JSON.parse(cell)
  } catch {
    throw invalid(what, 'JSON', cell)
  }
}
