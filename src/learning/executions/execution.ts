import { checkBoolean, checkCount, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import {
  type CheckedExperience,
  checkExperience,
  type Experience,
  type ExperienceDefaults,
} from '../core/experience.ts'
import { type CheckedReplay, checkReplay, type ReplayOptions } from '../core/replay.ts'
import { type CheckedUse, checkUse, type Discovery, type DiscoveryRule } from '../patterns/strategy-use.ts'

/** A completed task: an episode of one step, and the use of a strategy. */
export interface Execution<State = JsonValue, Action = JsonValue>
  extends Omit<Experience<State, Action>, 'terminated' | 'truncated' | 'nextActions'> {
  /** Whether the task succeeded. */
  readonly success: boolean
  /** The strategy that was used. Default: the action. */
  readonly strategy?: JsonValue
  /** Duration of the task. */
  readonly executionTimeMs?: number
  /** The quality of the result, in [0, 1]. */
  readonly quality?: number
  /** The root cause of a failure. */
  readonly rootCause?: string
  /** A mitigation of the failure. */
  readonly mitigation?: string
  /** When the strategy becomes a pattern: a rule, or a rule with its thresholds. Default: `lower-bound`. */
  readonly discovery?: DiscoveryRule | Discovery
  /** Whether to learn the value of the action; if false, the task is only recorded. Default: true. */
  readonly learnsValue?: boolean
  /** Replay and measure the improvement after every this many experiences. Default: 10. */
  readonly updateFrequency?: number
  /** Options of the replay; false disables it. Default: `{}`. */
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
  'success',
  'strategy',
  'executionTimeMs',
  'quality',
  'rootCause',
  'mitigation',
  'discovery',
  'learnsValue',
  'updateFrequency',
  'replay',
] as const
const EXPERIENCE_FIELDS = [
  'id',
  'state',
  'action',
  'reward',
  'nextState',
  'actions',
  'behaviorProbability',
  'taskId',
  'taskType',
  'episodeId',
  'metadata',
] as const

/** @throws INVALID_ARGUMENT */
export function checkExecution(agentId: string, execution: Execution, defaults: ExperienceDefaults): CheckedExecution {
  const given = checkOptions(execution, 'an execution', [...OWN_FIELDS, ...EXPERIENCE_FIELDS])
  const { success, strategy, executionTimeMs, quality, rootCause, mitigation, discovery } = given
  const { learnsValue = true, updateFrequency = 10, replay, ...rest } = given
  const fields = Object.entries(rest).filter(([name]) => EXPERIENCE_FIELDS.some((field) => field === name))
  const experience = checkExperience(
    { ...(Object.fromEntries(fields) as unknown as Experience), terminated: true },
    defaults,
  )
  const use = checkUse({
    agentId,
    taskType: experience.row.taskType,
    strategy: strategy ?? given.action,
    success,
    ...(executionTimeMs === undefined ? {} : { executionTimeMs }),
    ...(rootCause === undefined ? {} : { rootCause }),
    ...(mitigation === undefined ? {} : { mitigation }),
    ...(discovery === undefined ? {} : { discovery }),
  })
  return {
    experience,
    use,
    quality: quality === undefined ? undefined : checkNumber(quality, 'quality', 0, 1),
    learnsValue: checkBoolean(learnsValue, 'learnsValue'),
    updateFrequency: checkCount(updateFrequency, 'updateFrequency', 1),
    replay: replay === false ? undefined : checkReplay(replay),
  }
}
