import { checkCount, checkFinite, checkList, checkName } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { ImportedValue } from '../../learning/maintenance/import-batch.ts'
import { NO_FIELD, type SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { checkRecord, orNull } from '../fields.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { jsonOf, textOf } from '../text.ts'
import { batchOf, checkUpdateTime, RUVECTOR } from './source.ts'
import { Trajectories } from './trajectories.ts'

const PATTERN_FIELDS = ['state', 'action', 'q_value', 'visits', 'last_update']

/**
 * Reads RuVector's `.ruvector/intelligence.json`: `patterns` as values, and `trajectories` as episodes of one step. `patterns` is a list, or
 * an object by `state|action`. The default of the agent and of the task type is `ruvector`. All other content is counted as skipped.
 * @throws NOT_A_STORE for a file that is not JSON in UTF-8, INVALID_ARGUMENT with the path of the error.
 */
export function* readRuvectorIntelligence(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId, taskType } = checkSourceDefaults(options, RUVECTOR)
  const file = checkRecord(jsonOf(textOf(bytes)), 'the file')
  const { patterns = {}, trajectories: events = [], ...others } = file
  const trajectories = new Trajectories({ agentId, taskType })
  const { skipped } = trajectories
  const values = valuesOf(patterns, agentId, skipped)
  const list = checkList(events, 'trajectories')
  const single = list.filter((event) => !isLong(event))
  if (single.length < list.length) {
    skipped.add('trajectories', 'has steps instead of a state, an action and a reward', list.length - single.length)
  }
  yield* trajectories.addList(single, 'trajectories')
  for (const [name, content] of Object.entries(others)) {
    const count = sizeOf(content)
    if (count > 0) skipped.add(name.slice(0, 40), NO_FIELD, count)
  }
  return { ...batchOf(agentId, skipped), ...trajectories.imported(), values }
}

function valuesOf(patterns: unknown, agentId: string, skipped: SkippedRecords): ImportedValue[] {
  const entries = Array.isArray(patterns)
    ? patterns.map((pattern, i) => ['', pattern, `patterns[${i}]`] as const)
    : Object.entries(checkRecord(patterns, 'patterns')).map(
        ([key, pattern]) => [key, pattern, `patterns[${JSON.stringify(key.slice(0, 40))}]`] as const,
      )
  const keys = new Set<string>()
  return entries.map(([key, pattern, path]) => {
    // Old files hold the bare value under the key.
    const fields = checkRecord(typeof pattern === 'number' ? { q_value: pattern } : pattern, path)
    const { state = partOf(key, 0), action = partOf(key, 1), q_value, visits, last_update } = fields
    skipped.addUnknownFields(fields, PATTERN_FIELDS, 'patterns: ')
    const cell = JSON.stringify([checkName(state, `${path}.state`), checkName(action, `${path}.action`)])
    if (keys.has(cell)) {
      throw new StoreError('INVALID_ARGUMENT', `Expected ${path} to be the only pattern of its state and action`)
    }
    keys.add(cell)
    return {
      agentId,
      state: String(state),
      action: String(action),
      value: checkFinite(q_value, `${path}.q_value`) || 0,
      visits: orNull(visits, (count) => checkCount(count, `${path}.visits`, 0)) ?? 1,
      lastUpdated: checkUpdateTime(last_update, `${path}.last_update`),
    }
  })
}

/** The state or the action in the key `state|action`. */
function partOf(key: string, part: 0 | 1): string | undefined {
  const bar = key.indexOf('|')
  return bar === -1 ? undefined : part === 0 ? key.slice(0, bar) : key.slice(bar + 1)
}

/** Whether a trajectory is one of several steps, which `trajectory-end` writes. */
function isLong(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Object.hasOwn(event, 'steps') && !Object.hasOwn(event, 'state')
}

/** The number of records in a field of the file. */
function sizeOf(content: unknown): number {
  if (content === null || content === undefined) return 0
  return typeof content === 'object' ? Object.keys(content).length : 1
}
