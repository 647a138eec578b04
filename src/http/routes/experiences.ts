import type { Experience } from '../../learning/core/experience.ts'
import { experience, learnResult, metadataFilter, recordedExperience } from '../schema/experiences.ts'
import { list, number, object, text } from '../schema/json-schema.ts'
import { agentOf, existingAgent, notFound, PAGE, param, type Route } from './route.ts'

/** The most experiences in a request. */
const MAX_BATCH = 1000

const url = (agent: string, id: string): string =>
  `/v1/agents/${encodeURIComponent(agent)}/experiences/${encodeURIComponent(id)}`

/** Experiences: recorded transitions with their rewards. */
export const experienceRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/agents/{agent}/experiences',
    operationId: 'learn',
    summary: 'Store an experience and learn from it',
    description:
      'Idempotent by `id`, for ever. Without an `id`, the header `idempotency-key` stands for one. An agent that does not exist is created.',
    tag: 'experiences',
    kind: 'write',
    body: experience,
    responses: {
      200: ['The agent already had an experience with this id; nothing changed.', learnResult],
      201: ['The experience was stored.', learnResult],
    },
    async run(call) {
      const agent = await agentOf(call)
      const { id = call.derivedId, ...rest } = call.body as Experience
      const given = id === undefined ? rest : { ...rest, id }
      const result = await agent.learn(given)
      if (!result.learned) return { body: result }
      return { status: 201, body: result, location: url(agent.id, result.id) }
    },
  },
  {
    method: 'post',
    path: '/v1/agents/{agent}/experiences/batch',
    operationId: 'learnMany',
    summary: 'Store several experiences and learn from them in order',
    description: 'If one of them is invalid, none is stored. Idempotent where every experience has an `id`.',
    tag: 'experiences',
    kind: 'write',
    body: object({
      experiences: list('The experiences, in order.', experience, { minItems: 1, maxItems: MAX_BATCH }),
    }),
    responses: {
      200: ['One result per experience, in order.', object({ results: list('The results.', learnResult) })],
    },
    async run(call) {
      const { experiences } = call.body as { experiences: readonly Experience[] }
      const named = experiences.map((one, i) =>
        call.derivedId === undefined ? one : { id: `${call.derivedId}-${i}`, ...one },
      )
      return { body: { results: await (await agentOf(call)).learnMany(named) } }
    },
  },
  {
    method: 'get',
    path: '/v1/agents/{agent}/experiences',
    operationId: 'listExperiences',
    summary: 'List the experiences of an agent',
    tag: 'experiences',
    kind: 'read',
    query: {
      ...PAGE,
      taskType: text('Only experiences with this task type.', { minLength: 1 }),
      minReward: number('Minimum reward, inclusive.'),
      maxReward: number('Maximum reward, inclusive.'),
      metadata: metadataFilter,
      text: text('Text in the state or action, or in the id of the task or episode.', { minLength: 1 }),
    },
    responses: {
      200: ['The experiences, newest first.', object({ experiences: list('The experiences.', recordedExperience) })],
    },
    errors: ['NOT_FOUND'],
    run: async (call) => ({ body: { experiences: await (await existingAgent(call)).experiences.list(call.query) } }),
  },
  {
    method: 'get',
    path: '/v1/agents/{agent}/experiences/{id}',
    operationId: 'getExperience',
    summary: 'Get an experience',
    tag: 'experiences',
    kind: 'read',
    responses: { 200: ['The experience.', recordedExperience] },
    errors: ['NOT_FOUND'],
    async run(call) {
      const found = await call.store.experiences.get(param(call, 'agent'), param(call, 'id'))
      if (!found) throw notFound('experience')
      return { body: found }
    },
  },
]
