import { fitting } from '../fitting.ts'
import type { ObjectSchema } from '../json-schema.ts'
import { MAX_TEXT_LENGTH } from '../limits.ts'
import {
  ACTION,
  AGENT_ID,
  actions,
  DEFAULT_LIMIT,
  LIMIT,
  METADATA,
  name,
  nullable,
  OFFSET,
  result,
  STATE,
} from '../schemas.ts'
import { ADDS, READS, storedTextTool, type Tool, tool } from '../tool.ts'

export const recordExperience: Tool = tool({
  name: 'record_experience',
  title: 'Record an experience',
  description:
    'Stores one experience of an agent (what it did in which state, and the reward) and learns from it. Use it for actions that were not chosen by decide; for those use reward. Creates the agent if there is none with this id. With an id, the same call again changes nothing.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: AGENT_ID,
      state: STATE,
      action: ACTION,
      reward: { type: 'number', description: 'How good the outcome was, for example 1 for success and 0 for failure.' },
      nextState: { description: 'The state after the action. Required unless terminated is true.' },
      terminated: { type: 'boolean', description: 'Whether the task ended with this action. Default: false.' },
      truncated: { type: 'boolean', description: 'Whether the task was cut off here. Default: false.' },
      actions: actions('The actions that were available, the chosen one among them.'),
      nextActions: actions('The actions that the next state offers.'),
      behaviorProbability: {
        type: 'number',
        description: 'The probability with which the action was chosen, above 0; evaluate_policy needs it.',
        minimum: 0,
        maximum: 1,
      },
      id: name('A unique id, so that repeating the call learns nothing twice. Default: a new one.'),
      taskId: name('The task that it belongs to.'),
      taskType: name('The type of the task.'),
      episodeId: name('The episode that it belongs to.'),
      metadata: METADATA,
      learn: { type: 'boolean', description: 'Whether to learn from it now, or only to store it. Default: true.' },
    },
    required: ['agentId', 'state', 'action', 'reward'],
    additionalProperties: false,
  },
  outputSchema: result(
    {
      id: { type: 'string', description: 'The id of the experience.' },
      value: { type: 'number', description: 'The learned value of the action in this state, if it was learned.' },
    },
    ['value'],
  ),
  annotations: ADDS,
  async run(store, { agentId, learn = true, ...experience }) {
    const agent = await store.agent(agentId)
    if (!learn) return { id: await agent.experiences.add(experience) }
    const { id, value } = await agent.learn(experience)
    return { id, value }
  },
})

export const EXPERIENCE: ObjectSchema = result({
  id: { type: 'string' },
  agentId: { type: 'string' },
  state: { description: 'The state.' },
  action: { description: 'The action.' },
  reward: { type: 'number' },
  nextState: { description: 'The state after the action.' },
  terminated: { type: 'boolean' },
  truncated: { type: 'boolean' },
  actions: nullable(actions('The actions that were available.')),
  behaviorProbability: nullable({ type: 'number' }),
  taskId: nullable({ type: 'string' }),
  taskType: { type: 'string' },
  episodeId: nullable({ type: 'string' }),
  metadata: nullable({ type: 'object' }),
  timestamp: { type: 'string', description: 'ISO 8601 in UTC.' },
})

export const listExperiences: Tool = storedTextTool({
  name: 'list_experiences',
  title: 'List experiences',
  description: 'Lists stored experiences, newest first, optionally filtered by agent, task type, reward or text.',
  inputSchema: {
    type: 'object',
    properties: {
      agentId: AGENT_ID,
      taskType: name('Only experiences with this task type.'),
      minReward: { type: 'number', description: 'Minimum reward.' },
      maxReward: { type: 'number', description: 'Maximum reward.' },
      text: {
        type: 'string',
        description: 'Text in the state or action, or in the id of the task or episode.',
        minLength: 1,
        maxLength: MAX_TEXT_LENGTH,
      },
      limit: LIMIT,
      offset: OFFSET,
    },
    additionalProperties: false,
  },
  outputSchema: result({
    experiences: { type: 'array', items: EXPERIENCE },
    total: { type: 'integer', description: 'Number of experiences that match the filters.' },
    isTruncated: { type: 'boolean', description: 'Whether some of these were too large for the result.' },
  }),
  annotations: READS,
  async run(store, { limit = DEFAULT_LIMIT, offset = 0, ...filters }) {
    const [found, total] = await Promise.all([
      store.experiences.list({ ...filters, limit, offset }),
      store.experiences.count(filters),
    ])
    const { items, isTruncated } = fitting(found)
    return { experiences: items, total, isTruncated }
  },
})
