import { keysOf } from '../../algorithms/choice.ts'
import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { checkBoolean, checkFinite, checkId, checkObject, checkOptions, checkPositive, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../../json-value.ts'
import type { ExperienceRow } from '../../tables/experiences.ts'

/** One transition to record: state, action, reward, next state. */
export interface Experience<State = JsonValue, Action = JsonValue> {
  /** A unique id; an id that the agent already has is ignored. Default: a new UUID v7. */
  readonly id?: string
  /** The state that the agent observed. */
  readonly state: State
  /** The action that it took. */
  readonly action: Action
  /** The reward of the action; finite. */
  readonly reward: number
  /** The state after the action. Optional if the episode terminated. */
  readonly nextState?: State
  /** Whether the episode ended in a terminal state, whose value is 0. Default: false. */
  readonly terminated?: boolean
  /** Whether the episode was cut off; the next state keeps its value. Default: false. */
  readonly truncated?: boolean
  /** The actions that were available, `action` among them. Off-policy evaluation uses them. Empty means unknown. */
  readonly actions?: readonly Action[]
  /**
   * The actions that the next state offers; one without experience counts with the agent's `initialValue`. Default, and
   * if empty: those that were seen there.
   */
  readonly nextActions?: readonly Action[]
  /** The probability with which the behavior policy chose the action, in (0, 1]. Off-policy evaluation needs it. */
  readonly behaviorProbability?: number
  /** The task that it belongs to. */
  readonly taskId?: string
  /** The type of the task. Default: the type of the agent. */
  readonly taskType?: string
  /** The episode that it belongs to. SARSA needs it to find the next action. */
  readonly episodeId?: string
  /** Additional data, such as a trace id, the model, tokens or costs; at most 16 KiB of JSON. */
  readonly metadata?: JsonObject
}

/** A checked experience, with the keys that values are stored under. */
export interface CheckedExperience {
  /** Only learners with a linear model read it. */
  readonly state: JsonValue
  readonly row: Omit<ExperienceRow, 'agentId' | 'timestamp'>
  readonly stateKey: string
  readonly actionKey: string
  readonly nextStateKey: string
  /** The keys of the actions that the next state offers; empty if unknown. */
  readonly nextKeys: readonly string[]
}

const FIELDS = [
  'id',
  'state',
  'action',
  'reward',
  'nextState',
  'terminated',
  'truncated',
  'actions',
  'nextActions',
  'behaviorProbability',
  'taskId',
  'taskType',
  'episodeId',
  'metadata',
] as const

/** The largest metadata of an experience or a decision, in bytes of JSON in UTF-8. */
const MAX_METADATA_BYTES = 16 * 1024

/** What the check of an experience has to know of its agent. */
export interface ExperienceDefaults {
  readonly id: () => string
  readonly taskType: string
  /** The rewards that the agent can learn from; null for all. */
  readonly rewardRange: readonly [low: number, high: number] | null
}

/** @throws INVALID_ARGUMENT */
export function checkExperience(input: Experience, defaults: ExperienceDefaults): CheckedExperience {
  const { id, state, action, reward, actions, nextActions, behaviorProbability } = checkOptions(
    input,
    'an experience',
    FIELDS,
  )
  const { taskId, taskType, episodeId, metadata } = input
  const terminated = input.terminated === undefined ? false : checkBoolean(input.terminated, 'terminated')
  const truncated = input.truncated === undefined ? false : checkBoolean(input.truncated, 'truncated')
  const nextState = terminated && input.nextState === undefined ? null : input.nextState
  const keys = {
    stateKey: keyOf(state, 'state'),
    actionKey: keyOf(action, 'action'),
    nextStateKey: keyOf(nextState as JsonValue, 'nextState'),
    nextKeys: nextActions === undefined ? [] : keysOf(nextActions, 'nextActions'),
  }
  if (actions !== undefined && !isOffered(keys.actionKey, keysOf(actions)))
    throw invalid('action', 'one of `actions`', action)
  const row = {
    experienceId: id === undefined ? defaults.id() : checkId(id, 'id'),
    taskId: taskId === undefined ? null : checkId(taskId, 'taskId'),
    taskType: taskType === undefined ? defaults.taskType : checkId(taskType, 'taskType'),
    state: toJson(state),
    action: toJson(action),
    reward: checkReward(reward, defaults.rewardRange),
    nextState: toJson(nextState as JsonValue),
    episodeId: episodeId === undefined ? null : checkId(episodeId, 'episodeId'),
    terminated,
    truncated,
    behaviorProbability:
      behaviorProbability === undefined ? null : checkPositive(behaviorProbability, 'behaviorProbability', 1),
    actions: actions === undefined ? null : toJson(actions),
    nextActions: nextActions === undefined ? null : toJson(nextActions),
    metadata: metadata === undefined ? null : checkMetadata(metadata),
  }
  return { state, row, ...keys }
}

/** Whether an action is among those offered; an empty list says nothing. */
export function isOffered(actionKey: string, offeredKeys: readonly string[]): boolean {
  return offeredKeys.length === 0 || offeredKeys.includes(actionKey)
}

/** @returns its JSON. @throws INVALID_ARGUMENT */
export function checkMetadata(value: unknown, what = 'metadata'): string {
  const metadata = checkObject(value, what) as JsonObject
  keyOf(metadata, what)
  const json = toJson(metadata)
  const bytes = new TextEncoder().encode(json).length
  if (bytes <= MAX_METADATA_BYTES) return json
  throw new StoreError('TOO_LARGE', `Expected ${what} of at most ${MAX_METADATA_BYTES} bytes of JSON, got ${bytes}`)
}

function checkReward(reward: unknown, range: ExperienceDefaults['rewardRange']): number {
  const [low, high] = range ?? []
  const known = checkFinite(reward, 'reward')
  if (low === undefined || high === undefined || (known >= low && known <= high)) return known
  throw invalid('reward', `from ${low} to ${high}, the range of the agent's rewards (rewardRange)`, reward)
}

/** JSON with sorted names: equal data gives equal text, so that SQL can compare it. */
export function toJson(value: JsonValue): string {
  return JSON.stringify(canonical(value))
}
