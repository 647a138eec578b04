import type { Caller } from '../../algorithms/access.ts'
import { ACCESS_LEVELS } from '../../algorithms/access.ts'
import { fitting } from '../fitting.ts'
import type { ObjectSchema } from '../json-schema.ts'
import { DEFAULT_LIMIT, LIMIT, type NameSchema, name, nullable, result } from '../schemas.ts'
import { READS, storedTextTool, type Tool, tool } from '../tool.ts'

/** Who calls. The store does not authenticate callers. */
const CALLER: { readonly agentId: NameSchema; readonly teamId: NameSchema; readonly swarmId: NameSchema } = {
  agentId: name('The agent that calls: entries are read and written in its name.'),
  teamId: name('The team of that agent.'),
  swarmId: name('The swarm of that agent.'),
}

const PARTITION: NameSchema = name('The partition of the memory. Default: default.')

export const remember: Tool = tool({
  name: 'remember',
  title: 'Remember a value',
  description:
    'Stores a value under a key in the shared memory, for later calls of recall, also by other agents and in later sessions. Replaces the value of an existing key.',
  inputSchema: {
    type: 'object',
    properties: {
      ...CALLER,
      key: name('The key, unique in its partition.'),
      partition: PARTITION,
      value: { description: 'The value: any JSON value.' },
      metadata: { type: 'object', description: 'A JSON object about the value.' },
      accessLevel: {
        type: 'string',
        description:
          'Who may read it: private only this agent, team and swarm their members, public everyone. Default: private for a new key, unchanged for an existing one.',
        enum: ACCESS_LEVELS.filter((level) => level !== 'system'),
      },
      ttlMs: {
        type: 'integer',
        description: 'Lifetime in ms; 0 is for ever. Default: that of the partition.',
        minimum: 0,
      },
    },
    required: ['agentId', 'key', 'value'],
    additionalProperties: false,
  },
  outputSchema: result({ key: { type: 'string' }, partition: { type: 'string' } }),
  annotations: { ...READS, readOnlyHint: false, destructiveHint: true },
  async run(store, { agentId, teamId, swarmId, partition = 'default', ...entry }) {
    await store.memory.as(callerOf({ agentId, teamId, swarmId })).set({ ...entry, partition })
    return { key: entry.key, partition }
  },
})

const ENTRY: ObjectSchema = result({
  key: { type: 'string' },
  partition: { type: 'string' },
  value: { description: 'The value.' },
  metadata: { description: 'Metadata of the value, or null.' },
  owner: nullable({ type: 'string' }),
  accessLevel: { type: 'string' },
  createdAt: { type: 'string', description: 'ISO 8601 in UTC.' },
  expiresAt: nullable({ type: 'string' }),
})

export const recall: Tool = storedTextTool({
  name: 'recall',
  title: 'Recall from memory',
  description:
    'Reads the shared memory: one entry by its key, or the entries whose keys match a pattern. Returns only what this agent may read.',
  inputSchema: {
    type: 'object',
    properties: {
      ...CALLER,
      key: name('The key of an entry, or a pattern with * for any characters. Default: all keys.'),
      partition: name('The partition of the memory. Default: all partitions.'),
      limit: LIMIT,
    },
    required: ['agentId'],
    additionalProperties: false,
  },
  outputSchema: result({
    entries: { type: 'array', items: ENTRY },
    isTruncated: { type: 'boolean', description: 'Whether some of these were too large for the result.' },
  }),
  annotations: READS,
  async run(store, { agentId, teamId, swarmId, key = '*', partition, limit = DEFAULT_LIMIT }) {
    const memory = store.memory.as(callerOf({ agentId, teamId, swarmId }))
    const found = await memory.search(key, { limit, ...(partition === undefined ? {} : { partition }) })
    const { items, isTruncated } = fitting(found)
    return { entries: items, isTruncated }
  },
})

function callerOf({
  agentId,
  teamId,
  swarmId,
}: { [K in keyof Caller]: Caller[K] | undefined } & { agentId: string }): Caller {
  return {
    agentId,
    ...(teamId === undefined ? {} : { teamId }),
    ...(swarmId === undefined ? {} : { swarmId }),
  }
}
