import type { DecideOptions, DecideResult, DecisionRewardOptions } from '../../learning/decisions/decision.ts'
import type { Decision } from '../../learning/decisions/decisions.ts'
import { DECISION_STATUSES } from '../../tables/decision-counts.ts'
import { action, actions, state } from './agents.ts'
import { metadata } from './experiences.ts'
import {
  anyJson,
  anyObject,
  component,
  flag,
  list,
  name,
  number,
  object,
  oneOf,
  orNull,
  type Schema,
  time,
} from './json-schema.ts'

const probability = number('The probability with which the policy chose the action.', {
  exclusiveMinimum: 0,
  maximum: 1,
})
const expiresAt = orNull(time('When it expires, or gets the `defaultReward` of the agent; null for never.'))

/** What an agent decides on. */
export const newDecision: Schema = component(
  'NewDecision',
  'The state to decide in, and what is offered.',
  object<DecideOptions & { readonly state: unknown }>(
    {
      state,
      actions: actions('The available actions. Default: those seen in this state.'),
      greedy: flag('Whether to choose the action of the highest value, without exploring.', false),
      id: name('A unique id, for the reward. Default: from `idempotency-key`, or a new one.'),
      taskId: name('The task that it belongs to.'),
      taskType: name('The type of the task. Default: the type of the agent.'),
      episodeId: name('The episode that it belongs to.'),
      metadata,
    },
    ['state'],
  ),
)

/** What an agent decided. */
export const decideResult: Schema = component(
  'DecideResult',
  'The chosen action, and the id for its reward.',
  object<DecideResult>({
    id: name('The id of the decision, and of the experience that its reward makes of it.'),
    action,
    probability,
    decidedAt: time('When it was decided.'),
    expiresAt,
  }),
)

/** A recorded decision. */
export const decision: Schema = component(
  'Decision',
  'A recorded decision, with its reward as far as it came.',
  object<Decision>({
    id: name('The id of the decision.'),
    agentId: name('The agent that decided.'),
    state,
    actions: list('The actions that were offered.', action),
    action,
    probability,
    decidedAt: time('When it was decided.'),
    expiresAt,
    taskId: orNull(name('The task that it belongs to.')),
    taskType: orNull(name('The type of the task; null for the type of the agent.')),
    episodeId: orNull(name('The episode that it belongs to.')),
    metadata: orNull(anyObject('What was recorded with it; null if nothing.')),
    status: oneOf('`open` until its reward comes; `expired` if none came in time.', DECISION_STATUSES),
    reward: orNull(number('The reward; null as long as there is none.')),
    rewardedAt: orNull(time('When the reward came; null as long as there is none.')),
    isDefaultReward: flag('Whether the reward is the `defaultReward` of the agent.'),
  }),
)

/** The reward of a decision. */
export const newReward: Schema = component(
  'NewReward',
  'The reward of a decision. Without `nextState` the episode ends with it.',
  object<DecisionRewardOptions & { readonly reward: number }>(
    {
      reward: number('The reward.'),
      nextState: anyJson('The state after the action.'),
      nextActions: actions('The actions that the next state offers.'),
      terminated: flag('Whether the episode ended. Default: true without `nextState`.'),
      truncated: flag('Whether the episode was cut off.', false),
      metadata,
    },
    ['reward'],
  ),
)
