import { ACCESS_LEVELS } from '../../algorithms/access.ts'
import type { MemoryEntry, NewMemoryEntry } from '../../learning/memory/entry.ts'
import { anyJson, component, count, name, object, oneOf, orNull, type Schema, text, time } from './json-schema.ts'

const level = oneOf('Who may use the entry. Default: `private` for a new entry, unchanged otherwise.', ACCESS_LEVELS)

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
    owner: orNull(text('The agent that owns it.')),
    accessLevel: level,
    teamId: orNull(text('The team of the access level `team`.')),
    swarmId: orNull(text('The swarm of the access level `swarm`.')),
  }),
)
