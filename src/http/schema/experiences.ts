import type { Experience } from '../../learning/core/experience.ts'
import type { LearnResult } from '../../learning/core/learn.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { action, actions, state } from './agents.ts'
import {
  anyJson,
  anyObject,
  component,
  flag,
  list,
  name,
  number,
  object,
  orNull,
  type Schema,
  time,
} from './json-schema.ts'

const probability = number('The probability with which the behavior policy chose the action.', {
  exclusiveMinimum: 0,
  maximum: 1,
})

/** What a caller records with an experience or a decision. */
export const metadata: Schema = anyObject('What to keep with it, such as a trace id or costs; at most 16 KiB of JSON.')

/** Filters by metadata, in the query as JSON. */
export const metadataFilter: Schema = anyObject(
  'Only those whose metadata has these values, by path, as JSON: `{"usage.tokens":{"$gte":100}}`.',
)

/** An experience to store. */
export const experience: Schema = component(
  'Experience',
  'A transition to record. Without `nextState` the episode must have `terminated`.',
  object<Experience>(
    {
      id: name(
        'A unique id. An id that the agent already has is ignored. Default: from `idempotency-key`, or a new one.',
      ),
      state,
      action,
      reward: number('The reward of the action.'),
      nextState: anyJson('The state after the action.'),
      terminated: flag('Whether the episode ended in a terminal state.', false),
      truncated: flag('Whether the episode was cut off.', false),
      actions: actions('The actions that were available, `action` among them.'),
      nextActions: actions('The actions that the next state offers.'),
      behaviorProbability: probability,
      taskId: name('The task that it belongs to.'),
      taskType: name('The type of the task. Default: the type of the agent.'),
      episodeId: name('The episode that it belongs to.'),
      metadata,
    },
    ['state', 'action', 'reward'],
  ),
)

/** A stored experience. */
export const recordedExperience: Schema = component(
  'RecordedExperience',
  'A stored experience.',
  object<RecordedExperience>({
    id: name('The id of the experience.'),
    agentId: name('The agent that made the experience.'),
    state,
    action,
    reward: number('The reward of the action.'),
    nextState: anyJson('The state after the action.'),
    terminated: flag('Whether the episode ended in a terminal state.'),
    truncated: flag('Whether the episode was cut off.'),
    actions: orNull(list('The actions that were available; null if they were not recorded.', action)),
    nextActions: orNull(list('The actions that the next state offers; null if they were not recorded.', action)),
    behaviorProbability: orNull(probability),
    taskId: orNull(name('The task that it belongs to.')),
    taskType: name('The type of the task.'),
    episodeId: orNull(name('The episode that it belongs to.')),
    metadata: orNull(anyObject('What was recorded with it; null if nothing.')),
    timestamp: time('When it was recorded.'),
  }),
)

/** The result of learning. */
export const learnResult: Schema = component(
  'LearnResult',
  'The result of learning from an experience.',
  object<LearnResult>(
    {
      id: name('The id of the stored experience.'),
      learned: flag('False if the agent already had an experience with this id; then nothing changed.'),
      value: number('The value of the action in the state after the update. Absent if it waits for the next steps.'),
      error: number('The temporal-difference error before the update. Absent if no value was updated.'),
      explorationRate: number('The current exploration rate.', { minimum: 0, maximum: 1 }),
    },
    ['id', 'learned', 'explorationRate'],
  ),
)
