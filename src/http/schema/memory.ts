import { ACCESS_LEVELS } from '../../algorithms/access.ts'
import type { MemoryEmbedding, MemoryEntry, NewMemoryEntry } from '../../learning/memory/entry.ts'
import type { MemoryHit, SearchMemoryOptions } from '../../learning/memory/search.ts'
import { MEMORY_TEXT_COLUMNS } from '../../tables/memory-search.ts'
import {
  anyJson,
  anyObject,
  component,
  count,
  list,
  name,
  number,
  object,
  oneOf,
  orNull,
  type Schema,
  text,
  time,
} from './json-schema.ts'

const level = oneOf('Who may use the entry. Default: `private` for a new entry, unchanged otherwise.', ACCESS_LEVELS)

const vector = list('A vector.', number('A component.'), { minItems: 1, maxItems: 16_384 })

/** Conditions on a value or metadata. */
export function jsonFilter(what: string): Schema {
  return anyObject(`Only entries whose ${what} satisfies these conditions, by path: \`{"source.year":{"$gte":2025}}\`.`)
}

/** What is set at an address of the shared memory. */
export const newMemoryEntry: Schema = component(
  'NewMemoryEntry',
  'A value to remember.',
  object<Omit<NewMemoryEntry, 'key' | 'partition'>>(
    {
      value: anyJson('The value.'),
      metadata: anyJson('Metadata of the value.'),
      accessLevel: level,
      teamId: name('The team of the access level `team`.'),
      swarmId: name('The swarm of the access level `swarm`.'),
      ttlMs: count('A lifetime in ms; 0 is for ever. Default: that of the partition.'),
      expiresAt: time('When the entry expires, instead of `ttlMs`.'),
      embedding: object<MemoryEmbedding>({
        embedder: name('The name of the model that computed the vectors.'),
        vector: { anyOf: [vector, list('Vectors of parts of the value.', vector, { minItems: 1, maxItems: 1000 })] },
      }),
    },
    ['value'],
  ),
)

/** An entry of the shared memory. */
export const memoryEntry: Schema = component(
  'MemoryEntry',
  'An entry of the shared memory.',
  object<MemoryEntry>({
    key: text('The key, unique in its partition.'),
    partition: text('The partition.'),
    value: anyJson('The value.'),
    metadata: anyJson('Metadata of the value, or null.'),
    createdAt: time('When it was first set.'),
    expiresAt: orNull(time('When it expires; null for never.')),
    embedder: orNull(text('The model that computed its vectors; null if it has none.')),
    dimension: orNull(count('The dimension of its vectors; null if it has none.')),
    owner: orNull(text('The agent that owns it.')),
    accessLevel: level,
    teamId: orNull(text('The team of the access level `team`.')),
    swarmId: orNull(text('The swarm of the access level `swarm`.')),
  }),
)

/** The filters of entries. */
export const memoryFilters: { readonly [filter in 'partition' | 'keys' | 'owner' | 'filter' | 'metadata']: Schema } = {
  partition: name('Only entries of this partition. Default: all partitions.'),
  keys: text('Only entries whose whole key matches; `*` matches any characters.', { minLength: 1, maxLength: 1000 }),
  owner: name('Only entries that this agent owns.'),
  filter: jsonFilter('value'),
  metadata: jsonFilter('metadata'),
}

/** A search of the shared memory. */
export const memorySearch: Schema = component(
  'MemorySearch',
  'Words, a vector, or both. A vector needs its `embedder`.',
  object<Omit<SearchMemoryOptions, 'accessLevel' | 'teamId' | 'swarmId'>>(
    {
      ...memoryFilters,
      text: text('The words: `word`, `prefix*` and `"a phrase"`.', { maxLength: 10_000 }),
      matching: oneOf('Whether an entry must have any word, or all.', ['any', 'all'], 'any'),
      fields: list('The searched parts. Default: all.', oneOf('A part.', MEMORY_TEXT_COLUMNS), { minItems: 1 }),
      vector,
      embedder: name('The model that computed the vector.'),
      minimum: number('Minimum cosine similarity.', { minimum: -1, maximum: 1, default: -1 }),
      vectorWeight: number('Weight of the vector beside the text.', { minimum: 0, maximum: 1, default: 0.5 }),
      limit: count('Maximum number of entries.', { maximum: 1000, default: 10 }),
      offset: count('Number of entries to skip.', { default: 0 }),
    },
    [],
  ),
)

/** An entry that a search found. */
export const memoryHit: Schema = component(
  'MemoryHit',
  'An entry of the shared memory that a search found.',
  object<MemoryHit>({
    entry: memoryEntry,
    score: number('The score by which results are sorted; comparable only within one search.'),
    textScore: orNull(number('The BM25 score; null if the words did not find the entry.')),
    similarity: orNull(number('The cosine similarity; null if the vector did not find the entry.')),
  }),
)
