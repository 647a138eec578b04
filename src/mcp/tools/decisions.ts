import { existingAgent } from '../existing-agent.ts'
import { ACTION, AGENT_ID, actions, METADATA, name, nullable, result, STATE } from '../schemas.ts'
import { ADDS, READS, storedTextTool, type Tool, tool } from '../tool.ts'

export const decide: Tool = storedTextTool({
  name: 'decide',
  title: 'Decide on an action',
  description:
    'Lets an agent choose one of some actions in a state by what it learned, with some exploration, and records the decision. Carry out the action that it returns, and call reward with the id once the outcome is known. Creates the agent if there is none with this id.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: AGENT_ID,
      state: STATE,
      actions: actions('The available actions. Default: those that were tried in this state.'),
      greedy: { type: 'boolean', description: 'Whether to choose the best known action always. Default: false.' },
      id: name('A unique id of the decision, so that repeating the call decides nothing new. Default: a new one.'),
      taskId: name('The task that it belongs to.'),
      taskType: name('The type of the task.'),
      episodeId: name('The episode that it belongs to.'),
      metadata: METADATA,
    },
    required: ['agentId', 'state'],
    additionalProperties: false,
  },
  outputSchema: result({
    id: { type: 'string', description: 'The id of the decision, for reward.' },
    action: ACTION,
    probability: { type: 'number', description: 'The probability with which the action was chosen.' },
    decidedAt: { type: 'string', description: 'ISO 8601 in UTC.' },
    expiresAt: nullable({ type: 'string', description: 'Until when the reward must come; null for any time.' }),
  }),
  annotations: ADDS,
  async run(store, { agentId, state, ...options }) {
    const agent = await store.agent(agentId)
    return agent.decide(state, options)
  },
})

export const reward: Tool = tool({
  name: 'reward',
  title: 'Reward a decision',
  description:
    'Tells an agent how good the outcome of a decision was, minutes or weeks after decide. The agent learns from it once: the same reward again changes nothing, another one is an error.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: AGENT_ID,
      id: name('The id that decide returned.'),
      reward: { type: 'number', description: 'How good the outcome was, for example 1 for success and 0 for failure.' },
      nextState: { description: 'The state after the action, if the task goes on.' },
      nextActions: actions('The actions that the next state offers.'),
      terminated: { type: 'boolean', description: 'Whether the task ended. Default: true without a nextState.' },
      metadata: METADATA,
    },
    required: ['agentId', 'id', 'reward'],
    additionalProperties: false,
  },
  outputSchema: result({
    id: { type: 'string', description: 'The id of the decision, and of the experience that it became.' },
    value: { type: 'number', description: 'The learned value of the action in this state.' },
  }),
  annotations: { ...READS, readOnlyHint: false },
  async run(store, { agentId, id, reward: amount, ...options }) {
    const { agent } = await existingAgent(store, agentId)
    const { value } = await agent.reward(id, amount, options)
    return { id, value }
  },
})
