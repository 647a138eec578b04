import type { JsonValue } from '../../json-value.ts'
import type { EvaluationOptions } from '../../learning/evaluation/evaluation-options.ts'
import type { TargetPolicy } from '../../learning/evaluation/target-policy.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import { checkMayUse } from '../principal.ts'
import {
  action,
  actions,
  actionValue,
  agentStatus,
  configuration,
  explanation,
  recommendation,
  state,
} from '../schema/agents.ts'
import { anyJson, count, list, number, object, type Schema, text, time } from '../schema/json-schema.ts'
import { estimator, policyEvaluation, targetPolicy } from '../schema/patterns.ts'
import { existingAgent, PAGE, param, type Route } from './route.ts'

const stateActionValue: Schema = {
  ...actionValue,
  title: 'StateActionValue',
  description: 'The learned value of an action in a state, with the state.',
  properties: {
    ...actionValue.properties,
    state: anyJson('The state.'),
    stateKey: text('The key of the state.'),
    actionKey: text('The key of the action.'),
    lastUpdated: time('When the value last changed.'),
  },
  required: ['state', 'action', 'value', 'visits', 'stateKey', 'actionKey', 'lastUpdated'],
}

const rewardRange: Schema = {
  ...list('The least and the greatest possible reward.', number('A reward.'), { minItems: 2, maxItems: 2 }),
}

interface Question {
  readonly state: JsonValue
}

/** Agents: their configuration, and what they learned. */
export const agentRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/agents',
    operationId: 'listAgents',
    summary: 'List agents',
    tag: 'agents',
    kind: 'read',
    query: PAGE,
    bodyWithoutStore: { agents: [] },
    responses: { 200: ['The agents, sorted by id.', object({ agents: list('The agents.', agentStatus) })] },
    async run({ store, query, principal: { agents } }) {
      const { limit = 100, offset = 0 } = query as { limit?: number; offset?: number }
      const known = (await store.agents.list()).filter(({ id }) => agents?.includes(id) ?? true)
      return { body: { agents: known.slice(offset, offset + limit) } }
    },
  },
  {
    method: 'get',
    path: '/v1/agents/{agent}',
    operationId: 'getAgent',
    summary: 'Get the configuration and progress of an agent',
    tag: 'agents',
    kind: 'read',
    responses: { 200: ['The status of the agent.', agentStatus] },
    errors: ['NOT_FOUND'],
    run: async (call) => ({ body: await (await existingAgent(call)).status() }),
  },
  {
    method: 'put',
    path: '/v1/agents/{agent}',
    operationId: 'setAgent',
    summary: 'Create an agent, or change its configuration',
    tag: 'agents',
    kind: 'write',
    body: configuration,
    responses: { 200: ['The status of the agent.', agentStatus] },
    async run(call) {
      const agent = await call.store.agent(param(call, 'agent'), call.body as Partial<LearnerConfiguration>)
      return { body: await agent.status() }
    },
  },
  {
    method: 'post',
    path: '/v1/agents/{agent}/recommendation',
    operationId: 'recommend',
    summary: 'Recommend the best known action for a state',
    tag: 'agents',
    kind: 'read',
    body: object<{ state: unknown; actions?: unknown; rewardRange?: unknown }>(
      { state, actions: actions('The available actions. Default: those seen in this state.'), rewardRange },
      ['state'],
    ),
    responses: { 200: ['The recommendation.', recommendation] },
    errors: ['NOT_FOUND'],
    async run(call) {
      const { state, ...options } = call.body as Question
      return { body: await (await existingAgent(call)).recommend(state, options) }
    },
  },
  {
    method: 'post',
    path: '/v1/agents/{agent}/explanation',
    operationId: 'explain',
    summary: 'Explain which features speak for an action and which against it',
    description: 'Only for agents with a linear model.',
    tag: 'agents',
    kind: 'read',
    body: object<{ state: unknown; action?: unknown; limit?: unknown }>(
      {
        state,
        action,
        limit: count('Maximum number of features.', { maximum: 1000, default: 10 }),
      },
      ['state'],
    ),
    responses: { 200: ['The explanation.', explanation] },
    errors: ['NOT_FOUND', 'UNSUPPORTED'],
    async run(call) {
      const { state, ...options } = call.body as Question
      return { body: await (await existingAgent(call)).explain(state, options) }
    },
  },
  {
    method: 'get',
    path: '/v1/agents/{agent}/values',
    operationId: 'listValues',
    summary: 'List the learned values of an agent',
    tag: 'agents',
    kind: 'read',
    query: PAGE,
    responses: {
      200: ['The values, greatest first.', object({ values: list('The values.', stateActionValue) })],
    },
    errors: ['NOT_FOUND'],
    run: async (call) => ({ body: { values: await (await existingAgent(call)).values.list(call.query) } }),
  },
  {
    method: 'post',
    path: '/v1/agents/{agent}/values/query',
    operationId: 'getValues',
    summary: 'Get the values of the actions in a state',
    tag: 'agents',
    kind: 'read',
    body: object({ state }),
    responses: {
      200: ['The values, sorted by the key of the action.', object({ values: list('The values.', actionValue) })],
    },
    errors: ['NOT_FOUND'],
    async run(call) {
      const { state } = call.body as Question
      return { body: { values: await (await existingAgent(call)).values.get(state) } }
    },
  },
  {
    method: 'post',
    path: '/v1/agents/{agent}/evaluation',
    operationId: 'evaluatePolicy',
    summary: "Estimate the reward of a policy from the agent's experiences",
    tag: 'agents',
    kind: 'read',
    body: object<{ policy: unknown } & Omit<EvaluationOptions, 'agentId'>>(
      {
        policy: targetPolicy,
        estimator,
        discountFactor: number('The discount factor; only for `wis`.', { minimum: 0, maximum: 1 }),
        limit: count('Maximum number of decisions, the newest. Default: all.', { minimum: 1 }),
      },
      ['policy', 'estimator'],
    ),
    responses: { 200: ['The estimate.', policyEvaluation] },
    errors: ['NOT_FOUND'],
    async run(call) {
      const { policy, ...options } = call.body as { policy: TargetPolicy } & EvaluationOptions
      if ('agentId' in policy) checkMayUse(call.principal, policy.agentId)
      const { id: agentId } = await existingAgent(call)
      return { body: await call.store.evaluatePolicy(policy, { ...options, agentId }) }
    },
  },
]
