import { checkBoolean, checkCount, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { type CheckedExperience, checkExperience, type Experience } from '../core/experience.ts'
import { type CheckedReplay, checkReplay, type ReplayOptions } from '../core/replay.ts'
import { type CheckedUse, checkUse, type Discovery } from '../patterns/strategy-use.ts'

/** A task that was carried out: an episode of one step, and the use of a strategy. */
export interface Execution extends Omit<Experience, 'terminated' | 'truncated'> {
  readonly success: boolean
  /** What proves itself or not; the action unless given. */
  readonly strategy?: JsonValue
  readonly executionTimeMs?: number
  /** In [0, 1]. */
  readonly quality?: number
  /** What went wrong. */
  readonly rootCause?: string
  /** What would help. */
  readonly mitigation?: string
  readonly discovery?: Discovery
  /** Whether to learn the value of the action; else the execution is only counted. True unless given. */
  readonly learnsValue?: boolean
  /** Every so many experiences others are replayed and the improvement is measured; 10 unless given. */
  readonly updateFrequency?: number
  /** How to replay; false does not. */
  readonly replay?: ReplayOptions | false
}

export interface CheckedExecution {
  readonly experience: CheckedExperience
  readonly use: CheckedUse
  readonly quality: number | undefined
  readonly learnsValue: boolean
  readonly updateFrequency: number
  readonly replay: CheckedReplay | undefined
}

const OWN_FIELDS = [
  ...(['success', 'strategy', 'executionTimeMs', 'quality', 'rootCause', 'mitigation', 'discovery'] as const),
  ...(['learnsValue', 'updateFrequency', 'replay'] as const),
]
const EXPERIENCE_FIELDS = [
  ...(['id', 'state', 'action', 'reward', 'nextState', 'actions'] as const),
  ...(['behaviorProbability', 'taskId', 'taskType', 'episodeId'] as const),
]

/** @throws INVALID_ARGUMENT */
export function checkExecution(
  agentId: string,
  execution: Execution,
  defaults: { id: () => string; taskType: string },
): CheckedExecution {
  const given = checkOptions(execution, 'an execution', [...OWN_FIELDS, ...EXPERIENCE_FIELDS])
  const { success, strategy, executionTimeMs, quality, rootCause, mitigation, discovery } = given
  const { learnsValue = true, updateFrequency = 10, replay, ...rest } = given
  const fields = Object.entries(rest).filter(([name]) => EXPERIENCE_FIELDS.some((field) => field === name))
  const experience = checkExperience(
    { ...(Object.fromEntries(fields) as unknown as Experience), terminated: true },
    defaults,
  )
  const use = checkUse({
    ...{ agentId, taskType: experience.row.taskType, strategy: strategy ?? given.action, success },
    ...(executionTimeMs === undefined ? {} : { executionTimeMs }),
    ...(rootCause === undefined ? {} : { rootCause }),
    ...(mitigation === undefined ? {} : { mitigation }),
    ...(discovery === undefined ? {} : { discovery }),
  })
  return {
    ...{ experience, use },
    quality: quality === undefined ? undefined : checkNumber(quality, 'quality', 0, 1),
    learnsValue: checkBoolean(learnsValue, 'learnsValue'),
    updateFrequency: checkCount(updateFrequency, 'updateFrequency', 1),
    replay: replay === false ? undefined : checkReplay(replay),
  }
}
