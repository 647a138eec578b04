import { keysOf } from '../../algorithms/choice.ts'
import { canonical, keyOf } from '../../algorithms/keys/keys.ts'
import { checkBoolean, checkFinite, checkName, checkOptions, checkPositive } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ExperienceRow } from '../../tables/experiences.ts'

/** One transition, as a caller records it. */
export interface Experience {
  /** Appending an id twice learns once. A UUID v7 unless the caller brings one. */
  readonly id?: string
  /** What the agent saw when it acted. */
  readonly state: JsonValue
  /** What it did. */
  readonly action: JsonValue
  /** How good that was; finite. */
  readonly reward: number
  /** What came of it; may be left out where the episode terminated. */
  readonly nextState?: JsonValue
  /** The episode reached its end: nothing of the next state counts. */
  readonly terminated?: boolean
  /** The episode was cut off: the next state counts on. */
  readonly truncated?: boolean
  /** The actions that were to choose from; the next state is taken to offer them too. */
  readonly actions?: readonly JsonValue[]
  /** The probability with which the behaviour policy chose this action, in (0, 1]. */
  readonly behaviorProbability?: number
  /** The task that it was a part of. */
  readonly taskId?: string
  /** The agent's type unless given. */
  readonly taskType?: string
  /** The run of experiences that it belongs to; SARSA needs it to know the next action. */
  readonly episodeId?: string
}

/** An experience that was found good, with the keys that values are stored under. */
export interface CheckedExperience {
  readonly row: Omit<ExperienceRow, 'agentId' | 'timestamp'>
  readonly stateKey: string
  readonly actionKey: string
  readonly nextStateKey: string
  readonly availableKeys: readonly string[]
}

const FIELDS = [
  ...(['id', 'state', 'action', 'reward', 'nextState', 'terminated', 'truncated', 'actions'] as const),
  ...(['behaviorProbability', 'taskId', 'taskType', 'episodeId'] as const),
]

/** @throws INVALID_ARGUMENT */
export function checkExperience(
  input: Experience,
  defaults: { id: () => string; taskType: string },
): CheckedExperience {
  const { id, state, action, reward, actions, behaviorProbability, taskId, taskType, episodeId } = checkOptions(
    input,
    'an experience',
    FIELDS,
  )
  const terminated = input.terminated === undefined ? false : checkBoolean(input.terminated, 'terminated')
  const truncated = input.truncated === undefined ? false : checkBoolean(input.truncated, 'truncated')
  const nextState = terminated && input.nextState === undefined ? null : input.nextState
  const checked = {
    stateKey: keyOf(state, 'state'),
    actionKey: keyOf(action, 'action'),
    nextStateKey: keyOf(nextState as JsonValue, 'nextState'),
    availableKeys: actions === undefined ? [] : keysOf(actions),
  }
  const row = {
    experienceId: id === undefined ? defaults.id() : checkName(id, 'id'),
    taskId: taskId === undefined ? null : checkName(taskId, 'taskId'),
    taskType: taskType === undefined ? defaults.taskType : checkName(taskType, 'taskType'),
    state: toJson(state),
    action: toJson(action),
    reward: checkFinite(reward, 'reward'),
    nextState: toJson(nextState as JsonValue),
    episodeId: episodeId === undefined ? null : checkName(episodeId, 'episodeId'),
    terminated,
    truncated,
    behaviorProbability:
      behaviorProbability === undefined ? null : checkPositive(behaviorProbability, 'behaviorProbability', 1),
    actions: actions === undefined ? null : toJson(actions),
  }
  return { row, ...checked }
}

/** Equal data gives equal text, so that SQL can compare it. */
export function toJson(value: JsonValue): string {
  return JSON.stringify(canonical(value))
}
