import type { JsonValue } from '../../json-value.ts'
import type { DecideOptions, DecisionRewardOptions } from '../../learning/decisions/decision.ts'
import { DECISION_STATUSES } from '../../tables/decision-counts.ts'
import { decideResult, decision, newDecision, newReward } from '../schema/decisions.ts'
import { learnResult, metadataFilter } from '../schema/experiences.ts'
import { list, object, oneOf } from '../schema/json-schema.ts'
import { agentOf, existingAgent, notFound, PAGE, param, type Route } from './route.ts'

const url = (agent: string, id: string): string =>
  `/v1/agents/${encodeURIComponent(agent)}/decisions/${encodeURIComponent(id)}`

/** Decisions, whose rewards come later. */
export const decisionRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/agents/{agent}/decisions',
    operationId: 'decide',
    summary: 'Choose an action by the policy of the agent, and record the decision',
    description:
      'Idempotent by `id`, for ever. Without an `id`, the header `idempotency-key` stands for one. An agent that does not exist is created.',
    tag: 'decisions',
    kind: 'write',
    body: newDecision,
    responses: { 201: ['The decision. For an id that was used before, the first one.', decideResult] },
    async run(call) {
      const agent = await agentOf(call)
      const { state, ...options } = call.body as DecideOptions & { readonly state: JsonValue }
      const id = options.id ?? call.derivedId
      const result = await agent.decide(state, id === undefined ? options : { ...options, id })
      return { status: 201, body: result, location: url(agent.id, result.id) }
    },
  },
  {
    method: 'get',
    path: '/v1/agents/{agent}/decisions',
    operationId: 'listDecisions',
    summary: 'List the decisions of an agent',
    tag: 'decisions',
    kind: 'read',
    query: {
      ...PAGE,
      status: oneOf('Only decisions with this status.', DECISION_STATUSES),
      metadata: metadataFilter,
    },
    responses: { 200: ['The decisions, newest first.', object({ decisions: list('The decisions.', decision) })] },
    errors: ['NOT_FOUND'],
    run: async (call) => ({ body: { decisions: await (await existingAgent(call)).decisions.list(call.query) } }),
  },
  {
    method: 'get',
    path: '/v1/agents/{agent}/decisions/{id}',
    operationId: 'getDecision',
    summary: 'Get a decision',
    tag: 'decisions',
    kind: 'read',
    responses: { 200: ['The decision.', decision] },
    errors: ['NOT_FOUND'],
    async run(call) {
      const found = await (await existingAgent(call)).decisions.get(param(call, 'id'))
      if (!found) throw notFound('decision')
      return { body: found }
    },
  },
  {
    method: 'put',
    path: '/v1/agents/{agent}/decisions/{id}/reward',
    operationId: 'reward',
    summary: 'Give a decision its reward, and learn from it',
    description: 'Learned once. The same reward again gets the first result.',
    tag: 'decisions',
    kind: 'write',
    body: newReward,
    responses: { 200: ['The result of learning.', learnResult] },
    errors: ['NOT_FOUND', 'ALREADY_REWARDED', 'DECISION_EXPIRED'],
    async run(call) {
      const { reward, ...options } = call.body as DecisionRewardOptions & { readonly reward: number }
      return { body: await (await existingAgent(call)).reward(param(call, 'id'), reward, options) }
    },
  },
]
