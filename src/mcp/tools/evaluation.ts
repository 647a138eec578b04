import { ESTIMATORS } from '../../algorithms/off-policy.ts'
import { invalid } from '../../checks.ts'
import { existingAgent } from '../existing-agent.ts'
import { MAX_POLICY_ENTRIES } from '../limits.ts'
import { ACTION, INTERVAL, name, nullable, result, STATE } from '../schemas.ts'
import { READS, type Tool, tool } from '../tool.ts'

export const evaluatePolicy: Tool = tool({
  name: 'evaluate_policy',
  title: 'Evaluate a policy',
  description:
    'Estimates the expected reward of a policy from the experiences that an agent logged under another one (off-policy evaluation), with a 95 % interval. The policy is that of an agent (policyAgentId) or a table of probabilities.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: name('The agent whose experiences are the log.'),
      policyAgentId: name('The agent whose greedy policy is evaluated. Default: the agent of the log.'),
      epsilon: {
        type: 'number',
        description: 'The exploration rate of that policy. Default: 0.',
        minimum: 0,
        maximum: 1,
      },
      probabilities: {
        type: 'array',
        description: 'A policy as a table, instead of policyAgentId: the probabilities of each state sum to 1.',
        items: {
          type: 'object',
          properties: { state: STATE, action: ACTION, probability: { type: 'number', minimum: 0, maximum: 1 } },
          required: ['state', 'action', 'probability'],
          additionalProperties: false,
        },
        maxItems: MAX_POLICY_ENTRIES,
      },
      estimator: {
        type: 'string',
        description:
          'The estimator. Default: dr. ips, snips, dr and wis need the behaviorProbability of every experience; dm does not. wis estimates whole episodes.',
        enum: ESTIMATORS,
      },
      limit: {
        type: 'integer',
        description: 'Only the newest decisions (episodes for wis). Default: all.',
        minimum: 1,
      },
    },
    required: ['agentId'],
    additionalProperties: false,
  },
  outputSchema: result({
    value: { type: 'number', description: 'The expected reward per decision; per episode for wis.' },
    standardError: nullable({ type: 'number', description: 'Null if it is not known.' }),
    interval: INTERVAL,
    effectiveSampleSize: { type: 'number' },
    estimator: { type: 'string', enum: ESTIMATORS },
    decisions: { type: 'integer', description: 'Number of logged experiences.' },
    episodes: nullable({ type: 'integer' }),
    coverage: {
      type: 'number',
      description: 'The share of the choices of the policy that were tried in the same state.',
    },
    withoutReward: { type: 'integer', description: 'Number of decisions without a reward, which are left out.' },
  }),
  annotations: READS,
  async run(store, { agentId, policyAgentId, epsilon, probabilities, estimator = 'dr', limit }) {
    for (const id of new Set([agentId, policyAgentId ?? agentId])) await existingAgent(store, id)
    const isTable = probabilities !== undefined
    if (isTable && (policyAgentId ?? epsilon) !== undefined) {
      throw invalid('probabilities', 'left out beside policyAgentId and epsilon', probabilities)
    }
    const ofAgent = { agentId: policyAgentId ?? agentId, ...(epsilon === undefined ? {} : { epsilon }) }
    const options = { agentId, estimator, ...(limit === undefined ? {} : { limit }) }
    return store.evaluatePolicy(isTable ? { probabilities } : ofAgent, options)
  },
})
