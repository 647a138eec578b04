import { checkCount, checkFinite, checkName, checkOptions } from '../../checks.ts'
import { LearningHistoryTable, type LearningRecord } from '../../tables/learning-history.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'

/** A record to add. Default of each optional field: null. */
export type NewLearningRecord = Pick<LearningRecord, 'agentId' | 'stateRepresentation' | 'action' | 'reward'> &
  Partial<Pick<LearningRecord, 'patternId' | 'nextStateRepresentation' | 'qValue' | 'episode'>>

/** Options of `learningHistory.list`. */
export interface ListLearningHistoryOptions {
  /** Only records of this agent. */
  readonly agentId?: string
  /** Maximum number of records. Default: 100. */
  readonly limit?: number
  /** Number of records to skip. Default: 0. */
  readonly offset?: number
}

const FIELDS = [
  'agentId',
  'patternId',
  'stateRepresentation',
  'action',
  'reward',
  'nextStateRepresentation',
  'qValue',
  'episode',
] as const

/** The learning history: one record per learning step, for reports. */
export class LearningHistory {
  readonly #core: Core
  readonly #table: LearningHistoryTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new LearningHistoryTable(core.connection)
  }

  /**
   * Adds a record.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   */
  add(record: NewLearningRecord): number {
    const given = checkOptions(record, 'a record', FIELDS)
    const { patternId = null, nextStateRepresentation = null, qValue = null, episode = null } = given
    const row = {
      agentId: checkName(given.agentId, 'agentId'),
      patternId: patternId === null ? null : checkName(patternId, 'patternId'),
      stateRepresentation: checkName(given.stateRepresentation, 'stateRepresentation'),
      action: checkName(given.action, 'action'),
      reward: checkFinite(given.reward, 'reward'),
      nextStateRepresentation:
        nextStateRepresentation === null ? null : checkName(nextStateRepresentation, 'nextStateRepresentation'),
      qValue: qValue === null ? null : checkFinite(qValue, 'qValue'),
      episode: episode === null ? null : checkCount(episode, 'episode', 0),
      timestamp: isoTime(this.#core.now()),
    }
    return this.#core.transaction(() => this.#table.append(row))
  }

  /**
   * Lists records.
   *
   * @returns newest first.
   * @throws INVALID_ARGUMENT
   */
  list(options: ListLearningHistoryOptions = {}): LearningRecord[] {
    const { agentId, limit = 100, offset = 0 } = checkOptions(options, 'the options', ['agentId', 'limit', 'offset'])
    if (agentId !== undefined) checkName(agentId, 'agentId')
    return this.#table.list(agentId, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
  }
}
