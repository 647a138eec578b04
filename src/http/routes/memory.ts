import type { Promised } from '../../client/async-store.ts'
import type { CallerMemory } from '../../learning/memory/caller-memory.ts'
import type { MemoryAddress, NewMemoryEntry } from '../../learning/memory/entry.ts'
import type { SearchMemoryOptions } from '../../learning/memory/search.ts'
import { list, object } from '../schema/json-schema.ts'
import { memoryEntry, memoryFilters, memoryHit, memorySearch, newMemoryEntry } from '../schema/memory.ts'
import { type Call, notFound, PAGE, param, type Route } from './route.ts'

const ENTRY = '/v1/agents/{agent}/memory/{partition}/{key}'

/** The shared memory as the agent of the path may use it. */
function memoryOf({ store, params: { agent = '' }, principal: { teamId, swarmId } }: Call): Promised<CallerMemory> {
  return store.memory.as({
    agentId: agent,
    ...(teamId === undefined ? {} : { teamId }),
    ...(swarmId === undefined ? {} : { swarmId }),
  })
}

function addressOf(call: Call): Required<MemoryAddress> {
  return { partition: param(call, 'partition'), key: param(call, 'key') }
}

/** The shared memory: what agents remember together. */
export const memoryRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/agents/{agent}/memory',
    operationId: 'listMemory',
    summary: 'List the entries of the shared memory that the agent may read',
    tag: 'memory',
    kind: 'read',
    query: { ...PAGE, ...memoryFilters },
    bodyWithoutStore: { entries: [] },
    responses: {
      200: ['The entries, sorted by partition and key.', object({ entries: list('The entries.', memoryEntry) })],
    },
    run: async (call) => ({ body: { entries: await memoryOf(call).list(call.query) } }),
  },
  {
    method: 'post',
    path: '/v1/agents/{agent}/memory/search',
    operationId: 'searchMemory',
    summary: 'Search the shared memory by words, by a vector, or by both',
    tag: 'memory',
    kind: 'read',
    body: memorySearch,
    bodyWithoutStore: { hits: [] },
    responses: { 200: ['The hits, best first.', object({ hits: list('The hits.', memoryHit) })] },
    run: async (call) => ({ body: { hits: await memoryOf(call).search(call.body as SearchMemoryOptions) } }),
  },
  {
    method: 'get',
    path: ENTRY,
    operationId: 'getMemory',
    summary: 'Get an entry of the shared memory',
    tag: 'memory',
    kind: 'read',
    responses: { 200: ['The entry.', memoryEntry] },
    errors: ['NOT_FOUND', 'ACCESS_DENIED'],
    async run(call) {
      const found = await memoryOf(call).get(addressOf(call))
      if (!found) throw notFound('entry')
      return { body: found }
    },
  },
  {
    method: 'put',
    path: ENTRY,
    operationId: 'setMemory',
    summary: 'Set an entry of the shared memory',
    description: 'The agent owns a new entry. An existing entry keeps its owner.',
    tag: 'memory',
    kind: 'write',
    body: newMemoryEntry,
    responses: { 204: ['The entry was set.', null] },
    errors: ['ACCESS_DENIED'],
    async run(call) {
      await memoryOf(call).set({ ...(call.body as Omit<NewMemoryEntry, 'key'>), ...addressOf(call) })
      return { status: 204 }
    },
  },
  {
    method: 'delete',
    path: ENTRY,
    operationId: 'deleteMemory',
    summary: 'Delete an entry of the shared memory',
    tag: 'memory',
    kind: 'write',
    responses: { 204: ['The entry was deleted.', null] },
    errors: ['NOT_FOUND', 'ACCESS_DENIED'],
    async run(call) {
      if (!(await memoryOf(call).delete(addressOf(call)))) throw notFound('entry')
      return { status: 204 }
    },
  },
]
