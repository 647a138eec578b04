import type { Caller } from '../../algorithms/access.ts'
import { ACCESS_LEVELS } from '../../algorithms/access.ts'
import type { MemoryFilterOptions } from '../../learning/memory/listing.ts'
import { fitting } from '../fitting.ts'
import type { ArraySchema, JsonSchema, NumberSchema, ObjectSchema } from '../json-schema.ts'
import { MAX_TEXT_LENGTH, MAX_VECTOR_LENGTH } from '../limits.ts'
import { DEFAULT_LIMIT, LIMIT, type NameSchema, name, nullable, result } from '../schemas.ts'
import { READS, storedTextTool, type Tool, tool } from '../tool.ts'

/** Who calls. The store does not authenticate callers. */
const CALLER: { readonly agentId: NameSchema; readonly teamId: NameSchema; readonly swarmId: NameSchema } = {
  agentId: name('The agent that calls: entries are read and written in its name.'),
  teamId: name('The team of that agent.'),
  swarmId: name('The swarm of that agent.'),
}

const PARTITION: NameSchema = name('The partition of the memory. Default: default.')

/** A list of numbers. */
interface VectorSchema extends ArraySchema {
  readonly items: NumberSchema & { readonly type: 'number' }
}

const VECTOR: VectorSchema = { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: MAX_VECTOR_LENGTH }

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
      embedding: {
        type: 'object',
        description: 'A vector of the value, so that recall finds it by meaning.',
        properties: { embedder: name('The model that computed it.'), vector: VECTOR },
        required: ['embedder', 'vector'],
        additionalProperties: false,
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

const SCORE: JsonSchema = nullable({
  type: 'number',
  description: 'How well it fits the text and the vector; null without them.',
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
  score: SCORE,
})

export const recall: Tool = storedTextTool({
  name: 'recall',
  title: 'Recall from memory',
  description:
    'Finds entries of the shared memory by words, best first; by a vector; or lists those whose keys match a pattern. Returns only what this agent may read.',
  inputSchema: {
    type: 'object',
    properties: {
      ...CALLER,
      text: {
        type: 'string',
        description: 'Words to search for in key, value and metadata; prefix* and "a phrase" are possible.',
        minLength: 1,
        maxLength: MAX_TEXT_LENGTH,
      },
      vector: { ...VECTOR, description: 'A vector to compare with those of entries, alone or beside the text.' },
      embedder: name('The model that computed the vector; required beside it.'),
      keys: name('Only entries with this key; * stands for any characters.'),
      filter: {
        type: 'object',
        description: 'Only entries whose value has these fields, such as {"kind": "fact"} or {"size": {"$gt": 3}}.',
      },
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
  async run(store, { agentId, teamId, swarmId, text, vector, embedder, limit = DEFAULT_LIMIT, ...filters }) {
    const memory = store.memory.as(callerOf({ agentId, teamId, swarmId }))
    const query = given({ text, vector, embedder })
    const options = { ...(filters as MemoryFilterOptions), limit }
    const isSearch = Object.keys(query).length > 0
    const hits = isSearch
      ? await memory.search({ ...options, ...query })
      : (await memory.list(options)).map((entry) => ({ entry, score: null }))
    const { items, isTruncated } = fitting(hits.map(({ entry, score }) => ({ ...entry, score })))
    return { entries: items, isTruncated }
  },
})

/** The caller without what is undefined. */
function callerOf({ agentId, ...groups }: Caller | Unset<Caller>): Caller {
  return { agentId, ...given(groups) }
}

type Unset<T> = { readonly [K in keyof T]: T[K] | undefined } & { readonly agentId: string }

/** Without the properties that are undefined. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
