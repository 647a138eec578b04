import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Embeddings } from '@langchain/core/embeddings'
import { Annotation, END, type LangGraphRunnableConfig, START, StateGraph } from '@langchain/langgraph'
import {
  type BaseStore,
  type GetOperation,
  type IndexConfig,
  InMemoryStore,
  type Operation,
  type SearchItem,
} from '@langchain/langgraph-checkpoint'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkJsonFilter, matchesJson } from '../../src/algorithms/json-filter.ts'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { LearningStoreMemory } from '../../src/integrations/langgraph/langgraph.ts'
import { textsAt } from '../../src/integrations/langgraph/langgraph-texts.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Counts letters: equal texts have equal vectors, and different texts rarely do. */
class LetterCounts extends Embeddings {
  constructor() {
    super({})
  }
  embedDocuments = async (texts: string[]): Promise<number[][]> => texts.map(lettersOf)
  embedQuery = async (text: string): Promise<number[]> => lettersOf(text)
}

function lettersOf(text: string): number[] {
  return Array.from({ length: 26 }, (_, i) => text.split(String.fromCharCode(97 + i)).length - 1)
}

/** A clock without equal readings, so that the order of creation is known. */
function ticking(): () => number {
  let now = Date.UTC(2026, 0, 1)
  return () => now++
}

/** The part of a result that must be the same in both stores: everything but the times. */
function plainly(answer: unknown): unknown {
  if (answer === undefined || answer === null) return null
  if (!Array.isArray(answer)) return item(answer as SearchItem)
  return answer.map((one: unknown) => (Array.isArray(one) ? one : item(one as SearchItem)))
}

function item({ createdAt, updatedAt, score, ...rest }: SearchItem): unknown {
  expect(createdAt).toBeInstanceOf(Date)
  expect(updatedAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime())
  return { ...structuredClone(rest), score: score === undefined ? null : Number(score.toFixed(9)) }
}

/** Makes the reference drop a namespace with its last item, as ours does. */
function forgetEmpty(reference: InMemoryStore): void {
  const { data } = reference as unknown as { data: Map<string, Map<string, unknown>> }
  for (const [namespace, items] of data) if (items.size === 0) data.delete(namespace)
}

/** The order of items is defined within a namespace; the reference sorts by namespace first. */
function unordered(operation: Operation, answer: unknown): unknown {
  if (!('namespacePrefix' in operation) || !Array.isArray(answer)) return answer
  // Sorting is stable.
  return (answer as GetOperation[]).toSorted((a, b) => a.namespace.join().localeCompare(b.namespace.join()))
}

const label = fc.constantFrom('users', 'a', 'b', '*', 'x"y', 'ß')
const namespace = fc.array(label, { minLength: 1, maxLength: 3 })
const scalar = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('u', '2', '', 'a word', true, false, null))
/** The reference orders null, booleans and empty text as 0 or 1, and finds no order of other text. */
const ordered = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('2', '-1', 'a word'))
const value = fc.record(
  { n: ordered, s: scalar, text: fc.stringMatching(/^[a-z ]{1,12}$/), nested: fc.dictionary(fc.string(), scalar) },
  { requiredKeys: ['text'] },
)
const key = fc.oneof(fc.constantFrom('k1', 'k2', ''), fc.string())
const ordering = fc.dictionary(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), fc.constantFrom(-1, 0, 2), {
  minKeys: 1,
  maxKeys: 2,
})
const condition = fc.oneof(
  scalar,
  fc.dictionary(fc.constantFrom('$eq', '$ne'), scalar, { minKeys: 1, maxKeys: 2 }),
  fc.record({ $in: fc.array(scalar) }),
  fc.record({ $nin: fc.array(scalar) }),
  fc.record({ n: scalar }),
)
const filter = fc.option(
  fc.record({ n: fc.oneof(condition, ordering), s: condition, none: condition }, { requiredKeys: [] }),
  { nil: undefined },
)
const put = fc.record({ namespace, key, value: fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null)) })
const get = fc.record({ namespace, key })
const path = fc.array(fc.oneof(label, fc.constant('*')), { maxLength: 3 })
const list = fc.record({
  matchConditions: fc.option(
    fc.array(fc.record({ matchType: fc.constantFrom('prefix' as const, 'suffix' as const), path }), { maxLength: 2 }),
    { nil: undefined },
  ),
  maxDepth: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  limit: fc.integer({ min: 0, max: 9 }),
  offset: fc.integer({ min: 0, max: 3 }),
}) as fc.Arbitrary<Operation>
/** Pages depend on the order, so they are compared within one namespace only. */
const search = fc.oneof(
  fc.record({ namespacePrefix: fc.array(label, { maxLength: 2 }), filter, limit: fc.constant(1_000) }),
  fc.record({ namespacePrefix: fc.constant(['one']), filter, limit: fc.nat(4), offset: fc.nat(3) }),
)
const inOne = fc.record({ namespace: fc.constant(['one']), key, value: fc.oneof(value, fc.constant(null)) })
const operation = fc.oneof(put, inOne, get, list, search) as fc.Arbitrary<Operation>

describe("returns what LangGraph's InMemoryStore returns", () => {
  test('for any batches of operations', async () => {
    let operations = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(operation, { maxLength: 6 }), { maxLength: 12 }), async (batches) => {
        const now = ticking()
        await using store = await openLearningStore({ storage: 'memory:', now })
        const [ours, reference] = [new LearningStoreMemory(store, { now }), new InMemoryStore()]
        for (const batch of batches) {
          operations += batch.length
          const expected = (await reference.batch(structuredClone(batch))).map(plainly)
          const results = (await ours.batch(structuredClone(batch))).map(plainly)
          batch.forEach((one, i) => {
            expect(unordered(one, results[i]), JSON.stringify(one)).toEqual(unordered(one, expected[i]))
          })
          forgetEmpty(reference)
        }
      }),
      { numRuns: 150, seed: 1 },
    )
    expect(operations).toBeGreaterThan(1_000)
  })

  test('for any filter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 8 }), filter, async (values, filter) => {
        const reference = new InMemoryStore()
        await reference.batch(values.map((value, i) => ({ namespace: ['one'], key: `${i}`, value })))
        const found = await reference.search(['one'], { ...(filter && { filter }), limit: 8 })
        const checked = checkJsonFilter(filter ?? {}, 'filter')
        expect(values.filter((value) => matchesJson(value, checked))).toEqual(found.map(({ value }) => value))
      }),
      { numRuns: 1_000, seed: 1 },
    )
  })

  test('for searches by meaning, with the same scores', async () => {
    const query = fc.stringMatching(/^[a-z ]{1,8}$/)
    const ranked = fc.record({
      namespacePrefix: fc.constant(['one']),
      filter,
      query,
      limit: fc.nat(5),
      offset: fc.nat(2),
    })
    const indexed = fc.record({ namespace: fc.constant(['one']), key, value })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(indexed, ranked), { maxLength: 20 }), async (all) => {
        const now = ticking()
        await using store = await openLearningStore({ storage: 'memory:', now })
        const index: IndexConfig = { dims: 26, embeddings: new LetterCounts(), fields: ['text'] }
        const [ours, reference] = [new LearningStoreMemory(store, { now, index }), new InMemoryStore({ index })]
        for (const one of all as Operation[]) {
          const expected = (await reference.batch([structuredClone(one)])).map(plainly)
          expect((await ours.batch([structuredClone(one)])).map(plainly)).toEqual(expected)
        }
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  test.each([
    ['field', ['one']],
    ['nested.title', ['two']],
    ['list[*]', ['x', '3', 'true']],
    ['list[0]', ['x']],
    ['list[-1]', ['true']],
    ['list[9]', []],
    ['chapters[*].content', ['c1', 'c2']],
    ['{field,nested.title}', ['one', 'two']],
    ['nested', ['{\n  "title": "two"\n}']],
    ['*.title', ['two']],
    ['none.at.all', []],
    ['empty', []],
    ['field[0]', []],
  ])('reads the texts at %s', async (path, expected) => {
    const value = {
      field: 'one',
      nested: { title: 'two' },
      list: ['x', 3, true],
      empty: null,
      chapters: [{ content: 'c1' }, { content: 'c2' }, {}],
    }
    expect(textsAt(value, path)).toEqual(expected)
    // The texts that the reference embeds.
    const texts: string[] = []
    const embeddings = new LetterCounts()
    embeddings.embedDocuments = async (all) => {
      texts.push(...all)
      return all.map(lettersOf)
    }
    await new InMemoryStore({ index: { dims: 26, embeddings, fields: [path] } }).put(['n'], 'k', value)
    expect(texts.sort()).toEqual([...expected].sort())
  })
})

describe('an item', () => {
  let store: AsyncStore
  let memory: LearningStoreMemory
  beforeEach(async () => {
    store = await openLearningStore({ storage: 'memory:' })
    memory = new LearningStoreMemory(store)
  })
  afterEach(() => store.close())

  test('is a copy, after a round trip through JSON', async () => {
    const value = { tags: ['a'], at: new Date(0), none: undefined }
    await memory.put(['n'], 'k', value)
    value.tags.push('b')
    const item = await memory.get(['n'], 'k')
    item?.value.tags.push('c')
    expect((await memory.get(['n'], 'k'))?.value).toEqual({ tags: ['a'], at: '1970-01-01T00:00:00.000Z' })
  })

  test('keeps the time of its creation when it is put again', async () => {
    const now = ticking()
    await using clocked = await openLearningStore({ storage: 'memory:', now })
    const memory = new LearningStoreMemory(clocked, { now })
    await memory.put(['n'], 'k', { a: 1 })
    const first = await memory.get(['n'], 'k')
    expect(first?.updatedAt).toEqual(first?.createdAt)
    await memory.put(['n'], 'k', { a: 2 })
    const second = await memory.get(['n'], 'k')
    expect(second?.createdAt).toEqual(first?.createdAt)
    expect(second?.updatedAt.getTime()).toBeGreaterThan(first?.updatedAt.getTime() ?? Number.POSITIVE_INFINITY)
  })

  test('is an entry of the shared memory, private to its owner', async () => {
    await memory.put(['users', 'ann'], 'likes', { tea: true })
    const entries = await store.memory.as({ agentId: 'langgraph' }).list({ partition: 'langgraph' })
    expect(entries).toMatchObject([{ key: '[["users","ann"],"likes"]', value: { tea: true }, accessLevel: 'private' }])
    const other = new LearningStoreMemory(store, { agentId: 'other' })
    await expect(other.get(['users', 'ann'], 'likes')).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    expect(await other.search([])).toEqual([])
    const apart = new LearningStoreMemory(store, { partition: 'apart' })
    expect(await apart.get(['users', 'ann'], 'likes')).toBe(null)
    for (const key of ['[["x"', '["x"]'])
      await store.memory.as({ agentId: 'langgraph' }).set({ key, partition: 'langgraph', value: 1 })
    expect(await memory.search([])).toHaveLength(1)
    expect(await memory.listNamespaces()).toEqual([['users', 'ann']])
  })

  test('is gone after its lifetime', async () => {
    let now = Date.UTC(2026, 0, 1)
    await using clocked = await openLearningStore({ storage: 'memory:', now: () => now })
    const memory = new LearningStoreMemory(clocked, { ttlMs: 60_000, now: () => now })
    await memory.put(['n'], 'k', { a: 1 })
    now += 59_999
    expect(await memory.search(['n'])).toHaveLength(1)
    now += 1
    expect(await memory.get(['n'], 'k')).toBe(null)
    expect(await memory.listNamespaces()).toEqual([])
  })

  test('that is not a plain object is rejected, with its whole batch', async () => {
    const deep = JSON.parse('['.repeat(40) + ']'.repeat(40))
    for (const [value, code] of [
      [5, 'INVALID_ARGUMENT'],
      [['a'], 'INVALID_ARGUMENT'],
      [{ deep }, 'TOO_LARGE'],
      [{ lone: '\ud800' }, 'INVALID_ARGUMENT'],
    ]) {
      const good = { namespace: ['n'], key: 'good', value: { a: 1 } }
      const bad = { namespace: ['n'], key: 'bad', value: value as Record<string, unknown> }
      await expect(memory.batch([good, bad])).rejects.toMatchObject({ code })
    }
    for (const namespace of [[], ['a', ''], [1 as never], 'a' as never]) {
      const bad = memory.batch([{ namespace, key: 'bad', value: {} }])
      await expect(bad).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    await expect(memory.put(['a.b'], 'k', {})).rejects.toThrow('periods')
    expect(await memory.search([])).toEqual([])
  })

  test('is not written when its embedder fails', async () => {
    const embeddings = new LetterCounts()
    embeddings.embedDocuments = () => Promise.reject(new Error('no embedder'))
    const indexed = new LearningStoreMemory(store, { index: { dims: 26, embeddings } })
    await expect(indexed.put(['n'], 'k', { a: 1 })).rejects.toThrow('no embedder')
    expect(await indexed.get(['n'], 'k')).toBe(null)
  })
})

test('options are checked', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const misspelled = { partitoin: 'x' } as object
  expect(() => new LearningStoreMemory(store, misspelled)).toThrow('got partitoin')
  for (const options of [{ agentId: '' }, { partition: '' }, { ttlMs: -1 }]) {
    expect(() => new LearningStoreMemory(store, options)).toThrow(/^Expected (agentId|partition|ttlMs) to be /)
  }
})

test('items and their vectors persist', async () => {
  const storage = `file:${join(folder, 'memory.db')}` as const
  const index: IndexConfig = { dims: 26, embeddings: new LetterCounts(), fields: ['text'] }
  const before = await openLearningStore({ storage })
  const memory = new LearningStoreMemory(before, { index })
  await memory.put(['docs'], 'far', { text: 'xyz' })
  await memory.put(['docs'], 'near', { text: 'aab' })
  await memory.put(['docs'], 'blank', { text: 'aab' }, false)
  const items = await memory.search(['docs'])
  await before.close()
  await using after = await openLearningStore({ storage })
  const reopened = new LearningStoreMemory(after, { index })
  expect(await reopened.search(['docs'])).toEqual(items)
  const ranked = await reopened.search(['docs'], { query: 'ab' })
  expect(ranked.map(({ key, score }) => [key, score && Number(score.toFixed(6))])).toEqual([
    // cos((2,1), (1,1)) = 3 / sqrt(10); items without a vector come last.
    ['near', 0.948683],
    ['far', 0],
    ['blank', undefined],
  ])
})

test('a graph remembers across threads', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const State = Annotation.Root({ name: Annotation<string>, greeting: Annotation<string> })
  const greet = async ({ name }: { name: string }, config: LangGraphRunnableConfig): Promise<{ greeting: string }> => {
    const memory = config.store as BaseStore
    const known = await memory.get(['people'], name)
    await memory.put(['people'], name, { met: (known?.value.met ?? 0) + 1 })
    return { greeting: known ? `Hello again, ${name}` : `Hello, ${name}` }
  }
  const graph = new StateGraph(State)
    .addNode('greet', greet)
    .addEdge(START, 'greet')
    .addEdge('greet', END)
    .compile({ store: new LearningStoreMemory(store) })
  expect((await graph.invoke({ name: 'Ada' })).greeting).toBe('Hello, Ada')
  expect((await graph.invoke({ name: 'Ada' })).greeting).toBe('Hello again, Ada')
  expect((await new LearningStoreMemory(store).get(['people'], 'Ada'))?.value).toEqual({ met: 2 })
})
