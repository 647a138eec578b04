import { v5 } from 'uuid'
import { checkList, checkName } from '../../checks.ts'
import type { ImportBatch } from '../../learning/maintenance/import-batch.ts'
import { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { ExperienceCollector } from '../experience-collector.ts'
import { checkRecord, type JsonRecord, orNull } from '../fields.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { jsonOf, jsonOfLine, linesOf, textOf } from '../text.ts'
import { batchOf, checkEventTime, RUVECTOR } from './source.ts'

/** The namespace of the ids of events whose id another event has: a constant random UUID. */
const SHARED_IDS = '0c0f3f0e-58fb-4b4a-9d3a-4c4a8a7f0f6b'
const FIELDS = ['id', 'state', 'action', 'reward', 'timestamp']

/**
 * Reads the trajectories of RuVector's hooks, one per line or as a JSON list. Each becomes an episode of one step. The default of the agent
 * and of the task type is `ruvector`.
 * @throws NOT_A_STORE for text that is not UTF-8, INVALID_ARGUMENT with the position of the error.
 */
export function* readRuvectorTrajectories(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId, taskType } = checkSourceDefaults(options, RUVECTOR)
  const text = textOf(bytes)
  const trajectories = new Trajectories({ agentId, taskType })
  if (/^\s*\[/.test(text)) {
    const list = checkList(jsonOf(text), 'the file')
    yield* trajectories.addList(list, 'trajectories')
  } else {
    for (const line of linesOf(text)) {
      if (line.number % 1000 === 1) yield { what: 'trajectories', done: line.number - 1, total: undefined }
      const where = `line ${line.number}`
      trajectories.add(checkRecord(jsonOfLine(line), where), (field) => `${field} in ${where}`)
    }
  }
  return { ...batchOf(agentId, trajectories.skipped), ...trajectories.imported() }
}

/**
 * Collects events as experiences of one step.
 *
 * RuVector makes the id of an event from the second in which it happened, so the events of a second share one. Such events are identified by
 * their content, and equal ones by their number, as a file lists an event once. Other ids are kept; of different events with the same id,
 * the first keeps it.
 */
export class Trajectories {
  readonly skipped: SkippedRecords = new SkippedRecords()
  readonly #collector = new ExperienceCollector(this.skipped)
  readonly #contents = new Map<string, string>()
  readonly #defaults: Required<SourceDefaults>

  constructor(defaults: Required<SourceDefaults>) {
    this.#defaults = defaults
  }

  /** The experiences, and which of them have neither an id nor a time. */
  imported(): Pick<ImportBatch, 'experiences' | 'unidentified'> {
    const { list, unidentified } = this.#collector
    return { experiences: list, unidentified }
  }

  /** Adds the events of a list. @throws INVALID_ARGUMENT */
  *addList(list: readonly unknown[], path: string): Generator<{ what: string; done: number; total: number }, void> {
    for (const [i, event] of list.entries()) {
      if (i % 1000 === 0) yield { what: 'trajectories', done: i, total: list.length }
      const where = `${path}[${i}]`
      this.add(checkRecord(event, where), (field) => `${where}.${field}`)
    }
  }

  /** Adds an event. @param at returns the position of a field, for messages. @throws INVALID_ARGUMENT */
  add({ id, state, action, reward, timestamp, ...others }: JsonRecord, at: (field: string) => string): void {
    checkName(state, at('state'))
    checkName(action, at('action'))
    this.skipped.addUnknownFields(others, FIELDS, 'trajectories: ')
    const time = orNull(timestamp, (given) => checkEventTime(given, at('timestamp')))
    const own = orNull(id, (given) => checkName(Number.isSafeInteger(given) ? String(given) : given, at('id')))
    const content = JSON.stringify([state, action, reward, time])
    this.#collector.add(
      {
        ...this.#defaults,
        id: own === null || isOfSecond(own, time) ? null : this.#idOf(own, content),
        taskId: null,
        state,
        action,
        reward,
        nextState: null,
        terminated: true,
        truncated: false,
        episodeId: null,
        timestamp: time,
        behaviorProbability: null,
        actions: null,
      },
      at,
    )
  }

  #idOf(id: string, content: string): string {
    const first = this.#contents.get(id)
    if (first === undefined) this.#contents.set(id, content)
    return first === undefined || first === content ? id : v5(JSON.stringify([id, content]), SHARED_IDS)
  }
}

/** Whether an id is made of the second of its event, such as `traj_1767225600`. */
function isOfSecond(id: string, time: string | null): boolean {
  const second = /(?:^|\D)(\d{9,11})$/.exec(id)?.[1]
  return (
    second !== undefined &&
    time !== null &&
    Math.floor(Date.parse(`${time.replace(' ', 'T')}Z`) / 1000) === Number(second)
  )
}
