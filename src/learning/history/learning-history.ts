import { checkCount, checkFinite, checkName, checkOptions } from '../../checks.ts'
import { LearningHistoryTable, type LearningRecord } from '../../tables/learning-history.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'

/** A record to append; what is left out is null. */
export type NewLearningRecord = Pick<LearningRecord, 'agentId' | 'stateRepresentation' | 'action' | 'reward'> &
  Partial<Pick<LearningRecord, 'patternId' | 'nextStateRepresentation' | 'qValue' | 'episode'>>

/** Which records to answer. */
export interface ListLearningHistoryOptions {
  readonly agentId?: string
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

const FIELDS = [
  ...(['agentId', 'patternId', 'stateRepresentation', 'action', 'reward', 'nextStateRepresentation'] as const),
  ...(['qValue', 'episode'] as const),
]

/** What each operation of learning came to. */
export class LearningHistory {
  readonly #core: Core
  readonly #table: LearningHistoryTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new LearningHistoryTable(core.connection)
  }

  /** Answers the id of the record. @throws INVALID_ARGUMENT */
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
      timestamp: sqlTime(this.#core.now()),
    }
    return this.#core.transaction(() => this.#table.append(row))
  }

  /** Newest first. @throws INVALID_ARGUMENT */
  list(options: ListLearningHistoryOptions = {}): LearningRecord[] {
    const { agentId, limit = 100, offset = 0 } = checkOptions(options, 'the options', ['agentId', 'limit', 'offset'])
    if (agentId !== undefined) checkName(agentId, 'agentId')
    return this.#table.list(agentId, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
  }
}
