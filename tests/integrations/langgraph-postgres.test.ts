import { Embeddings } from '@langchain/core/embeddings'
import { AsyncBatchedStore } from '@langchain/langgraph-checkpoint'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { LearningStoreMemory, type LearningStoreMemoryOptions } from '../../src/integrations/langgraph/langgraph.ts'

// What LangGraph's PostgresStore does beyond its InMemoryStore: libs/checkpoint-postgres/src/store and its tests.

/** Embeds what a text is about: one number for each topic. */
class Topics extends Embeddings {
  readonly model: string
  readonly topics: readonly RegExp[]
  readonly calls: string[][] = []
  constructor(
    topics: readonly RegExp[] = [/drink|tea|coffee/, /code|script|python/, /cake|bake|recipe/],
    model = 'topics',
  ) {
    super({})
    this.model = model
    this.topics = topics
  }
  embedDocuments = async (texts: string[]): Promise<number[][]> => {
    this.calls.push(texts)
    return texts.map((text) => this.#embedded(text))
  }
  embedQuery = async (text: string): Promise<number[]> => this.#embedded(text)
  #embedded(text: string): number[] {
    return this.topics.map((topic) => (topic.test(text.toLowerCase()) ? 1 : 0.1))
  }
}

let store: AsyncStore
let now: number
beforeEach(async () => {
  now = Date.UTC(2026, 0, 1)
  store = await openLearningStore({ storage: 'memory:', now: () => now })
})
afterEach(() => store.close())

const opened = (options: LearningStoreMemoryOptions = {}): LearningStoreMemory =>
  new LearningStoreMemory(store, { now: () => now, ...options })
const keysOf = (found: readonly { readonly key: string }[]): string[] => found.map(({ key }) => key)
const refused = (message: string): unknown =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

async function putDocs(memory: LearningStoreMemory): Promise<void> {
  const doc = async (key: string, value: Record<string, unknown>): Promise<void> => {
    now++
    await memory.put(key.startsWith('recipe') ? ['recipes'] : ['docs', 'v1'], key, value)
  }
  const beginner = { difficulty: 'beginner', pages: 10, author: { name: 'Ada', team: 'red' } }
  await doc('js', { title: 'JavaScript Guide', content: 'Complete guide to programming', ...beginner })
  await doc('ts', { title: 'TypeScript Handbook', content: 'Advanced programming', difficulty: 'hard', pages: 300 })
  await doc('py', { title: 'Python Basics', content: 'A programming language', ...beginner, pages: '20' })
  await doc('recipe', { title: 'Chocolate Cake', content: 'A guide to bake', difficulty: 'easy' })
}

describe('a query without an index', () => {
  test('finds items by words of their values, best first', async () => {
    const memory = opened()
    await putDocs(memory)
    const found = await memory.search(['docs'], { query: 'guides' })
    expect(keysOf(found)).toEqual(['js'])
    expect(found[0]?.score).toBeGreaterThan(0)
    expect(keysOf(await memory.search(['docs'], { query: 'programming', mode: 'text' })).sort()).toEqual([
      'js',
      'py',
      'ts',
    ])
    expect(keysOf(await memory.search(['docs'], { query: 'docs v1 js title' }))).toEqual([])
    expect(keysOf(await memory.search(['docs'], { query: 'guide', filter: { difficulty: 'hard' } }))).toEqual([])
    expect(keysOf(await memory.search([], { query: 'guide' })).sort()).toEqual(['js', 'recipe'])
    const pages = await Promise.all(
      [0, 1, 2].map((offset) => memory.search(['docs'], { query: 'programming', limit: 1, offset })),
    )
    expect(keysOf(pages.flat())).toEqual(keysOf(await memory.search(['docs'], { query: 'programming' })))
    expect(keysOf(await memory.search(['none'], { query: 'guide' }))).toEqual([])
  })

  test('finds no entries that are no items, and all items beside them', async () => {
    const memory = opened()
    await putDocs(memory)
    const raw = store.memory.as({ agentId: 'langgraph' })
    for (const key of ['[["docs"', '[["docs"],5]', '[["docs",1],"x"]']) {
      await raw.set({ key, partition: 'langgraph', value: { text: 'guide guide guide' } })
    }
    expect(keysOf(await memory.search(['docs'], { query: 'guide', limit: 1 }))).toEqual(['js'])
    await memory.put(['do*'], 'star', { text: 'guide' })
    expect(keysOf(await memory.search(['do*'], { query: 'guide' }))).toEqual(['star'])
  })

  test('refuses modes that need an index, and unknown ones', async () => {
    const memory = opened()
    for (const mode of ['vector', 'hybrid'] as const) {
      await expect(memory.search(['docs'], { query: 'a', mode })).rejects.toEqual(
        refused(`without an index, got "${mode}"`),
      )
    }
    await expect(memory.search(['docs'], { query: 'a', mode: 'both' as 'text' })).rejects.toEqual(
      refused('mode to be one of'),
    )
    await expect(memory.search(['docs'], { query: 'a', distanceMetric: 'l2' } as object)).rejects.toEqual(
      refused('got distanceMetric'),
    )
  })
})

describe('a query with an index', () => {
  const index = { dims: 3, embeddings: new Topics(), fields: ['title', 'content'] }

  test('finds items by meaning, in the mode vector only those with vectors', async () => {
    const memory = opened({ index })
    await putDocs(memory)
    await memory.put(['docs', 'v1'], 'blank', { title: 'Python script' }, false)
    const found = await memory.search(['docs'], { query: 'some code', mode: 'vector' })
    expect(keysOf(found)).toEqual(['js', 'ts', 'py'])
    expect(found.map(({ score }) => score && Number(score.toFixed(6)))).toEqual([1, 1, 1])
    expect(keysOf(await memory.search(['docs'], { query: 'some code' }))).toEqual(['js', 'ts', 'py', 'blank'])
    expect(keysOf(await memory.search([], { query: 'bake', mode: 'vector', limit: 1 }))).toEqual(['recipe'])
    expect(await memory.search(['docs'], { query: 'bake', mode: 'vector', similarityThreshold: 0.9 })).toEqual([])
    expect(keysOf(await memory.search(['docs'], { query: 'python', mode: 'text' })).sort()).toEqual(['blank', 'py'])
  })

  test('finds items by words and meaning in the mode hybrid', async () => {
    const memory = opened({ index })
    await putDocs(memory)
    const query = { query: 'bake with python', mode: 'hybrid' as const }
    const both = keysOf(await memory.search([], { ...query, vectorWeight: 0.9 }))
    expect(both).toHaveLength(4)
    expect(both.slice(0, 2).sort()).toEqual(['py', 'recipe'])
    const found = await memory.search([], { query: 'python', mode: 'hybrid' })
    expect(found[0]?.key).toBe('py')
    expect(found.map(({ score }) => score ?? 0)).toEqual(found.map(({ score }) => score ?? 0).toSorted((a, b) => b - a))
    const words = await memory.search([], { query: 'python', mode: 'hybrid', vectorWeight: 0 })
    expect(keysOf(words)).toEqual(['py'])
  })

  test('may be hybrid by default, also in a graph, which passes on no mode', async () => {
    const memory = opened({ index, mode: 'hybrid' })
    await putDocs(memory)
    const batched = new AsyncBatchedStore(memory)
    batched.start()
    expect(keysOf(await batched.search([], { query: 'python' }))[0]).toBe('py')
    await batched.stop()
  })

  test('embeds only the given paths', async () => {
    const embeddings = new Topics()
    const memory = opened({ index: { dims: 3, embeddings, fields: ['content', 'title'] } })
    await memory.put(['n'], 'k', { title: 'a title', content: 'not this', summary: 'a summary' }, ['title', 'summary'])
    expect(embeddings.calls).toEqual([['a title', 'a summary']])
    await memory.put(['n'], 'l', { title: 'nothing' }, false)
    expect(embeddings.calls).toHaveLength(1)
  })
})

describe('an embedder', () => {
  test('whose vectors have another dimension than the index says is refused, and nothing is stored', async () => {
    const memory = opened({ index: { dims: 4, embeddings: new Topics() } })
    await expect(memory.put(['n'], 'k', { a: 'tea' })).rejects.toEqual(
      refused('of dimension 4, the dims of the index, got 3'),
    )
    expect(await memory.get(['n'], 'k')).toBe(null)
    await expect(memory.search(['n'], { query: 'tea' })).rejects.toEqual(refused('of dimension 4'))
  })

  test('of another dimension than that of stored vectors is refused, with both named', async () => {
    await opened({ index: { dims: 3, embeddings: new Topics() } }).put(['n'], 'k', { a: 'tea' })
    const other = opened({ index: { dims: 2, embeddings: new Topics([/tea/, /code/]) } })
    await expect(other.put(['n'], 'l', { a: 'tea' })).rejects.toEqual(
      refused('dimension 3, as topics makes them, got 2'),
    )
    await expect(other.search(['n'], { query: 'tea' })).rejects.toEqual(
      refused('dimension 3, as topics makes them, got 2'),
    )
    expect(keysOf(await other.search(['n']))).toEqual(['k'])
  })

  test('of another name is refused where all vectors are of another, with both named', async () => {
    await opened({ index: { dims: 3, embeddings: new Topics() } }).put(['n'], 'k', { a: 'tea' })
    const other = opened({ index: { dims: 3, embeddings: new Topics(undefined, 'topics-2') } })
    await expect(other.search(['n'], { query: 'tea' })).rejects.toEqual(refused('used: topics, got "topics-2"'))
    const named = opened({ index: { dims: 3, embeddings: new Topics(undefined, 'topics-2') }, embedder: 'topics' })
    expect((await named.search(['n'], { query: 'tea' }))[0]?.score).toBeCloseTo(1)
  })

  test('that returns too few vectors is refused', async () => {
    const embeddings = new Topics()
    embeddings.embedDocuments = async () => []
    const memory = opened({ index: { dims: 3, embeddings } })
    await expect(memory.put(['n'], 'k', { a: 'tea' })).rejects.toEqual(
      refused('embeddings to be 1, one for each text, got 0'),
    )
  })
})

test('values keep the order of their names', async () => {
  const memory = opened()
  const value = { z: 1, a: { y: [{ c: 1, b: 2 }], x: null }, m: 'text' }
  await memory.put(['n'], 'k', value)
  expect(JSON.stringify((await memory.get(['n'], 'k'))?.value)).toBe(JSON.stringify(value))
  expect(JSON.stringify((await memory.search(['n']))[0]?.value)).toBe(JSON.stringify(value))
})

test('an entry with the key of an item but without metadata is an item', async () => {
  const raw = store.memory.as({ agentId: 'langgraph' })
  await raw.set({ key: '[["n"],"k"]', partition: 'langgraph', value: { text: 'tea' } })
  await raw.set({ key: '[["n"],"l"]', partition: 'langgraph', value: { text: 'tea' }, metadata: 'a text' })
  const memory = opened()
  const item = { namespace: ['n'], value: { text: 'tea' }, createdAt: new Date(now), updatedAt: new Date(now) }
  expect(await memory.get(['n'], 'k')).toEqual({ ...item, key: 'k' })
  expect(await memory.search(['n'])).toEqual([
    { ...item, key: 'k' },
    { ...item, key: 'l' },
  ])
  expect(keysOf(await memory.search(['n'], { query: 'tea' }))).toEqual(['k', 'l'])
  expect(await memory.listNamespaces()).toEqual([['n']])
})

test.each<[filter: Record<string, unknown>, found: string[]]>([
  [{ difficulty: { $eq: 'beginner' } }, ['js', 'py']],
  [{ difficulty: { $ne: 'hard' } }, ['js', 'py']],
  [{ difficulty: { $in: ['hard', 'easy'] } }, ['ts']],
  [{ difficulty: { $nin: ['hard'] } }, ['js', 'py']],
  [{ pages: { $gte: 20 } }, ['ts', 'py']],
  [{ pages: { $gt: 10, $lt: 300 } }, ['py']],
  [{ pages: { $lte: 10 } }, ['js']],
  [{ author: { $exists: false } }, ['ts']],
  [{ author: { $exists: true }, pages: 10 }, ['js']],
  // A part of a nested object, as in PostgresStore's `@>`.
  [{ author: { name: 'Ada' } }, ['js', 'py']],
  [{ author: { name: 'Ada', team: 'blue' } }, []],
  [{ 'author.team': 'red' }, ['js', 'py']],
])('the filter %j finds %j', async (filter, expected) => {
  const memory = opened()
  await putDocs(memory)
  expect(keysOf(await memory.search(['docs'], { filter }))).toEqual(expected)
  expect(keysOf(await memory.search(['docs'], { filter, query: 'programming' })).sort()).toEqual(expected.toSorted())
})

test('a filter with an unknown operator is refused', async () => {
  await expect(opened().search(['n'], { filter: { a: { $like: 'b' } } })).rejects.toEqual(refused('got $like'))
})

describe('a lifetime', () => {
  const minute = 60_000

  test('of an item is given in minutes when it is put', async () => {
    const memory = opened({ ttlMs: 3 * minute })
    await memory.put(['n'], 'usual', { a: 1 })
    await memory.put(['n'], 'short', { a: 1 }, undefined, { ttl: 0.5 })
    await memory.put(['n'], 'forever', { a: 1 }, false, { ttl: 0 })
    now += 0.5 * minute
    expect(keysOf(await memory.search(['n'])).sort()).toEqual(['forever', 'usual'])
    now += 2.5 * minute
    expect(keysOf(await memory.search(['n']))).toEqual(['forever'])
    await expect(memory.put(['n'], 'k', {}, false, { ttl: -1 })).rejects.toEqual(refused('ttl'))
    await expect(memory.put(['n'], 'k', {}, false, { ttlMs: 1 } as object)).rejects.toEqual(refused('got ttlMs'))
    await expect(memory.put(['n.m'], 'k', {}, false, { ttl: 1 })).rejects.toThrow('periods')
  })

  test('begins again with each read, and each item has its own', async () => {
    const memory = opened({ ttlMs: 10 * minute, refreshOnRead: true })
    await memory.put(['n'], 'got', { text: 'tea' })
    await memory.put(['n'], 'found', { text: 'milk' }, false, { ttl: 2 })
    await memory.put(['n'], 'left', { text: 'none' }, false, { ttl: 2 })
    for (let i = 0; i < 3; i++) {
      now += 1.5 * minute
      expect(keysOf(await memory.search(['n'], { query: 'milk' }))).toEqual(['found'])
      expect((await memory.get(['n'], 'got'))?.updatedAt).toEqual(new Date(Date.UTC(2026, 0, 1)))
    }
    expect(keysOf(await memory.search(['n'], { refreshTtl: false })).sort()).toEqual(['found', 'got'])
    now += 2 * minute
    expect(keysOf(await memory.search(['n'], { refreshTtl: false }))).toEqual(['got'])
  })

  test('begins again only where the reader asks for it, and may write', async () => {
    const memory = opened()
    await memory.put(['n'], 'k', { text: 'tea' }, false, { ttl: 1 })
    const address = { key: '[["n"],"k"]', partition: 'langgraph' }
    await store.memory.as({ agentId: 'langgraph' }).grant({ ...address, agentId: 'reader', permissions: ['read'] })
    now += 0.6 * minute
    expect(await opened({ agentId: 'reader', refreshOnRead: true }).get(['n'], 'k')).toMatchObject({ key: 'k' })
    expect(await memory.get(['n'], 'k')).toMatchObject({ key: 'k' })
    now += 0.3 * minute
    expect(keysOf(await memory.search(['n'], { refreshTtl: true }))).toEqual(['k'])
    now += 0.9 * minute
    expect(await memory.get(['n'], 'k')).toMatchObject({ key: 'k' })
    now += 0.1 * minute
    expect(await memory.get(['n'], 'k')).toBe(null)
    expect([await memory.sweepExpiredItems(), await memory.sweepExpiredItems()]).toEqual([1, 0])
  })
})

test('statistics count items and namespaces', async () => {
  const memory = opened()
  const none = { totalItems: 0, expiredItems: 0, namespaceCount: 0, oldestItem: null, newestItem: null }
  expect(await memory.getStats()).toEqual(none)
  const start = now
  await putDocs(memory)
  await memory.put(['docs', 'v1'], 'short', {}, false, { ttl: 1 })
  now += 60_000
  expect(await memory.getStats()).toEqual({
    totalItems: 4,
    expiredItems: 0,
    namespaceCount: 2,
    oldestItem: new Date(start + 1),
    newestItem: new Date(start + 4),
  })
})
