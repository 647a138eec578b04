import { existingAgent } from '../existing-agent.ts'
import { fitting } from '../fitting.ts'
import type { JsonSchema, ObjectSchema } from '../json-schema.ts'
import { AGENT_ID, actions, INTERVAL, nullable, result, STATE } from '../schemas.ts'
import { READS, storedTextTool, type Tool } from '../tool.ts'
import { EXPERIENCE } from './experiences.ts'

const PROBABILITY_BEST: JsonSchema = {
  type: 'number',
  description: 'The probability that no other available action is better.',
}
const VALUE: JsonSchema = { type: 'number', description: 'The learned value, in the unit of the rewards.' }

const EVIDENCE: ObjectSchema = result({
  from: { type: 'string', enum: ['this state', 'similar states', 'all states', 'nothing'] },
  visits: { type: 'integer', description: 'Number of experiences that the value is based on.' },
  lastUpdated: nullable({ type: 'string', description: 'ISO 8601 in UTC.' }),
  experienceIds: { type: 'array', items: { type: 'string' } },
  states: { type: 'array', items: { type: 'object' } },
})

const RECOMMENDED: { readonly [name: string]: JsonSchema } = {
  action: { description: 'The best known action; null if nothing was learned in this state or a similar one.' },
  value: VALUE,
  interval: nullable(INTERVAL),
  probabilityBest: PROBABILITY_BEST,
  similarity: { type: 'number', description: 'Similarity of the states that the value is from; 1 for this state.' },
  reasoning: { type: 'string' },
}

export const recommend: Tool = storedTextTool({
  name: 'recommend',
  title: 'Recommend an action',
  description:
    'Returns the best known action of an agent in a state, its value, the probability that it is the best, and alternatives. Only reads: it does not explore and records nothing. To act and learn from the outcome, use decide.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: AGENT_ID,
      state: STATE,
      actions: actions('The available actions. Default: those that were tried in this state.'),
    },
    required: ['agentId', 'state'],
    additionalProperties: false,
  },
  outputSchema: result({
    ...RECOMMENDED,
    alternatives: {
      type: 'array',
      items: result({ action: { description: 'The action.' }, value: VALUE, probabilityBest: PROBABILITY_BEST }),
    },
    evidence: EVIDENCE,
  }),
  annotations: READS,
  async run(store, { agentId, state, ...options }) {
    const { agent } = await existingAgent(store, agentId)
    return agent.recommend(state, options)
  },
})

export const explain: Tool = storedTextTool({
  name: 'explain',
  title: 'Explain a value',
  description:
    'Shows why an agent values an action in a state as it does: the experiences that the value is based on, its interval and, for agents with a linear model, what each feature of the state adds.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: AGENT_ID,
      state: STATE,
      action: { description: 'The action to explain: any JSON value. Default: the recommended one.' },
    },
    required: ['agentId', 'state'],
    additionalProperties: false,
  },
  outputSchema: result({
    ...RECOMMENDED,
    evidence: EVIDENCE,
    experiences: { type: 'array', description: 'Experiences with this action, newest first.', items: EXPERIENCE },
    contributions: nullable({
      type: 'array',
      description: 'What each feature adds to the prediction of a linear model, the largest first.',
      items: result({
        feature: { type: 'string' },
        value: { type: 'number' },
        weight: { type: 'number' },
        contribution: { type: 'number' },
      }),
    }),
  }),
  annotations: READS,
  async run(store, { agentId, state, action }) {
    const { agent, isLinear } = await existingAgent(store, agentId)
    const only = action === undefined ? {} : { actions: [action] }
    const { alternatives: _, actionKey, ...recommended } = await agent.recommend(state, only)
    const ids = recommended.evidence.experienceIds
    const found = await Promise.all(ids.map((id) => agent.experiences.get(id)))
    const isKnown = actionKey !== null
    const explained = isLinear && isKnown ? await agent.explain(state, { action: recommended.action }) : undefined
    return {
      ...recommended,
      experiences: fitting(found.flatMap((one) => one ?? [])).items,
      contributions: explained?.contributions ?? null,
    }
  },
})
