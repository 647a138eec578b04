import type { Contribution } from '../../algorithms/linear/contribution.ts'
import { MAX_ACTIONS } from '../../json-schema/limits.ts'
import type { AgentStatus } from '../../learning/agents/agent.ts'
import type { Evidence, StateOfEvidence } from '../../learning/agents/evidence.ts'
import type { Explanation } from '../../learning/agents/explanation.ts'
import type { Alternative, Recommendation } from '../../learning/agents/recommendation.ts'
import type { DecisionCounts } from '../../tables/decision-counts.ts'
import { CONFIGURATION_FIELD_LIST, type LearnerConfiguration } from '../../tables/learner-configuration.ts'
import {
  anyJson,
  component,
  count,
  list,
  name,
  number,
  object,
  oneOf,
  orNull,
  type Schema,
  text,
  time,
} from './json-schema.ts'

type Field = (typeof CONFIGURATION_FIELD_LIST)[number][1]

const FIELDS: { readonly [field: string]: Schema } = Object.fromEntries(
  CONFIGURATION_FIELD_LIST.map(([field, form]) => [field, schemaOf(form)]),
)

/** The schema of a field of a configuration, which is described in docs/agents.md. */
function schemaOf({
  oneOf: names,
  valuesOneOf,
  highColumn,
  min,
  above,
  max,
  isInteger,
  isBoolean,
  nullAs,
}: Field): Schema {
  if (highColumn !== undefined) return { type: ['array', 'null'], items: { type: 'number' }, minItems: 2, maxItems: 2 }
  if (valuesOneOf) return { type: 'object', additionalProperties: { type: 'string', enum: valuesOneOf } }
  if (names) return { type: 'string', enum: names }
  if (isBoolean) return { type: 'boolean' }
  const limits = {
    ...(min === undefined ? {} : { minimum: min }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(max === undefined ? {} : { maximum: max }),
  }
  const isNumber = Object.keys(limits).length > 0
  const schema: Schema = isNumber
    ? { type: isInteger ? 'integer' : 'number', ...limits }
    : { type: 'string', minLength: 1 }
  return nullAs === undefined ? schema : orNull(schema)
}

/** The configuration of an agent; all fields are optional. */
export const configuration: Schema = component(
  'AgentConfiguration',
  'The settings to change. Fields that are not given stay as they are; those of a new agent have their defaults.',
  { type: 'object', properties: FIELDS, additionalProperties: false },
)

/** The status of an agent. */
export const agentStatus: Schema = component(
  'AgentStatus',
  'The configuration and progress of an agent.',
  object<AgentStatus>({
    ...(FIELDS as { readonly [K in keyof LearnerConfiguration]: Schema }),
    id: name('The id of the agent.'),
    currentExplorationRate: number('The exploration rate after decay.', { minimum: 0, maximum: 1 }),
    experienceCount: count('Number of experiences that the agent has learned from.'),
    learnedScale: orNull(number('The learned scale of the rewards; null if it was not learned.')),
    decisions: object<DecisionCounts>({
      open: count('Number of decisions that wait for their reward.'),
      rewarded: count('Number of decisions that have a reward.'),
      expired: count('Number of decisions whose reward did not come in time.'),
    }),
    warnings: list('What limits how well the agent can learn.', text('A sentence.')),
  }),
)

/** An action with its value. */
export const actionValue: Schema = component(
  'ActionValue',
  'The learned value of an action in a state.',
  object({
    action: anyJson('The action.'),
    value: number('The learned value, in the unit of the rewards.'),
    visits: count('Number of experiences behind the value.'),
  }),
)

/** A recommendation. */
export const recommendation: Schema = component(
  'Recommendation',
  'The best known action for a state, with its evidence.',
  object<Recommendation>({
    actionKey: orNull(text('The key of the action; null if nothing was learned in this state or a similar one.')),
    action: anyJson('The action; null if there is none.'),
    value: number('The learned value of the action, in the unit of the rewards.'),
    interval: orNull(object({ lower: number('Lower end.'), upper: number('Upper end.') })),
    probabilityBest: number('The probability that no other available action is better.', { minimum: 0, maximum: 1 }),
    similarity: number('The similarity of the states that the value is from; 1 for the queried state.'),
    reasoning: text('An explanation in English, for display.'),
    alternatives: list(
      'The next best actions, best first.',
      object<Alternative>({
        actionKey: text('The key of the action.'),
        action: anyJson('The action.'),
        value: number('The learned value of the action.'),
        probabilityBest: number('The probability that no other available action is better.'),
        similarity: number('The similarity of the states that the value is from.'),
      }),
    ),
    evidence: object<Evidence>({
      from: oneOf('What it is based on.', ['this state', 'similar states', 'all states', 'nothing']),
      visits: count('Number of experiences that the value is based on.'),
      lastUpdated: orNull(time('When the value last changed.')),
      experienceIds: list('Experiences with this action, newest first.', text('The id of an experience.')),
      states: list(
        'The states that the recommendation is based on, most similar first.',
        object<StateOfEvidence>({
          state: anyJson('The state.'),
          stateKey: text('The key of the state.'),
          similarity: number('The similarity to the queried state.'),
        }),
      ),
    }),
  }),
)

/** An explanation. */
export const explanation: Schema = component(
  'Explanation',
  'Why a linear model values an action in a state as it does.',
  object<Explanation>({
    action: anyJson('The explained action; null if none was given or tried.'),
    value: number('The predicted reward of the action.'),
    contributions: list(
      'What each feature adds to it, the largest first.',
      object<Contribution>({
        feature: text('The feature, such as `pages` or `tool=search`.'),
        value: number('Its value.'),
        weight: number('Its weight.'),
        contribution: number('Value times weight.'),
      }),
    ),
  }),
)

/** States, actions and rewards as requests have them. */
export const state: Schema = anyJson('What the agent observes: any JSON, at most 32 levels deep.')
export const action: Schema = anyJson('What the agent can do: any JSON, at most 32 levels deep.')

/** A list of actions that are available. */
export function actions(description: string): Schema {
  return list(description, action, { minItems: 1, maxItems: MAX_ACTIONS })
}
