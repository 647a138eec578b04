import { ALGORITHMS } from '../../algorithms/algorithms.ts'
import { fitting } from '../fitting.ts'
import type { ObjectSchema } from '../json-schema.ts'
import { DEFAULT_LIMIT, LIMIT, OFFSET, result } from '../schemas.ts'
import { READS, storedTextTool, type Tool } from '../tool.ts'

const AGENT: ObjectSchema = result({
  id: { type: 'string' },
  type: { type: 'string', description: 'The type of the agent.' },
  algorithm: { type: 'string', enum: ALGORITHMS },
  policy: { type: 'string', description: 'How the agent explores.' },
  experienceCount: { type: 'integer', description: 'Number of experiences that it learned from.' },
  currentExplorationRate: { type: 'number' },
  warnings: { type: 'array', description: 'What limits how well it can learn.', items: { type: 'string' } },
})

export const listAgents: Tool = storedTextTool({
  name: 'list_agents',
  title: 'List agents',
  description:
    'Lists the agents of the learning store with their algorithm, policy and number of experiences, sorted by id. Call it first to find the agentId for the other tools.',
  inputSchema: { type: 'object', properties: { limit: LIMIT, offset: OFFSET }, additionalProperties: false },
  outputSchema: result({
    agents: { type: 'array', items: AGENT },
    total: { type: 'integer', description: 'Number of agents in the store.' },
    isTruncated: { type: 'boolean', description: 'Whether some of these were too large for the result.' },
  }),
  annotations: READS,
  async run(store, { limit = DEFAULT_LIMIT, offset = 0 }) {
    const all = await store.agents.list()
    const page = all
      .slice(offset, offset + limit)
      .map(({ id, type, algorithm, policy, experienceCount, currentExplorationRate, warnings }) => ({
        id,
        type,
        algorithm,
        policy,
        experienceCount,
        currentExplorationRate,
        warnings,
      }))
    const { items, isTruncated } = fitting(page)
    return { agents: items, total: all.length, isTruncated }
  },
})
