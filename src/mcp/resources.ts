import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import { MAX_LIMIT } from './limits.ts'
import { STORED_TEXT_NOTICE } from './tool.ts'

/** A resource in a list. */
export interface Resource {
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly mimeType: 'application/json'
}

/** A page of resources. */
export interface ResourcePage {
  readonly resources: readonly Resource[]
  /** Where the next page begins; undefined on the last one. */
  readonly nextCursor: string | undefined
}

/** A kind of resources: where they are listed and read. */
interface Kind {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly parameter: string
  list(store: AsyncStore, limit: number, offset: number): Promise<readonly { readonly id: string | number }[]>
  get(store: AsyncStore, id: string): Promise<object | undefined>
}

const KINDS: readonly Kind[] = [
  {
    name: 'agents',
    title: 'Agent',
    description: 'The configuration and progress of an agent.',
    parameter: 'agentId',
    list: async (store, limit, offset) => (await store.agents.list()).slice(offset, offset + limit),
    get: async (store, id) => (await store.agents.list()).find((one) => one.id === id),
  },
  {
    name: 'patterns',
    title: 'Strategy',
    description: 'A strategy that became a pattern, with its uses and success rate.',
    parameter: 'patternId',
    list: (store, limit, offset) => store.patterns.list({ limit, offset }),
    get: async (store, id) => (/^[1-9]\d{0,14}$/.test(id) ? store.patterns.get(Number(id)) : undefined),
  },
  {
    name: 'test-patterns',
    title: 'Test pattern',
    description: 'A template of tests.',
    parameter: 'testPatternId',
    list: (store, limit, offset) => store.testPatterns.list({ limit, offset }),
    get: (store, id) => store.testPatterns.get(id),
  },
]

const SCHEME = 'learning-store://'

/** The addresses of resources, each with a parameter. */
export const RESOURCE_TEMPLATES: readonly {
  readonly uriTemplate: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: 'application/json'
}[] = KINDS.map(({ name, title, description, parameter }) => ({
  uriTemplate: `${SCHEME}${name}/{${parameter}}`,
  name,
  title,
  description,
  mimeType: 'application/json',
}))

/** Lists the resources of a store. @param cursor the `nextCursor` of the page before. @throws INVALID_ARGUMENT */
export async function listResources(store: AsyncStore, cursor = `${KINDS[0]?.name}:0`): Promise<ResourcePage> {
  const [, first = '', start = ''] = /^([\w-]+):(\d{1,15})$/.exec(cursor) ?? []
  const from = KINDS.findIndex(({ name }) => name === first)
  if (from < 0) throw new StoreError('INVALID_ARGUMENT', 'Expected the cursor to be one of an earlier page')
  const resources: Resource[] = []
  for (const [i, kind] of KINDS.slice(from).entries()) {
    const offset = i === 0 ? Number(start) : 0
    const room = MAX_LIMIT - resources.length
    const found = await kind.list(store, room + 1, offset)
    resources.push(...found.slice(0, room).map(({ id }) => resourceOf(kind, id)))
    if (found.length > room) return { resources, nextCursor: `${kind.name}:${offset + room}` }
  }
  return { resources, nextCursor: undefined }
}

/** Reads a resource as JSON. @returns undefined if there is none with this address */
export async function readResource(store: AsyncStore, uri: string): Promise<string | undefined> {
  const [name = '', encoded = '', ...more] = uri.startsWith(SCHEME) ? uri.slice(SCHEME.length).split('/') : []
  const kind = KINDS.find((one) => one.name === name)
  const id = decoded(encoded)
  if (!kind || !id || more.length > 0) return undefined
  const found = await kind.get(store, id)
  return found && JSON.stringify({ notice: STORED_TEXT_NOTICE, ...found })
}

/** The values of a parameter of a template that begin with a text, at most a hundred. */
export async function completed(store: AsyncStore, parameter: string, text: string): Promise<string[]> {
  const kind = KINDS.find((one) => one.parameter === parameter)
  const ids = (await kind?.list(store, MAX_LIMIT * 10, 0)) ?? []
  return ids
    .map(({ id }) => String(id))
    .filter((id) => id.startsWith(text))
    .slice(0, MAX_LIMIT)
}

function resourceOf({ name, title }: Kind, id: string | number): Resource {
  const uri = `${SCHEME}${name}/${encodeURIComponent(id)}`
  return { uri, name: String(id), title: `${title} ${id}`, mimeType: 'application/json' }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
