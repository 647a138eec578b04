import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  AccessLevel,
  AsyncStore,
  Caller,
  MemoryEmbedding,
  MemoryHit,
  NewMemoryEntry,
  SearchMemoryOptions,
} from '../../../src/entry/node.ts'
import { hostileTexts } from '../hostile-texts.ts'

const TEXTS = Object.values(hostileTexts).flat()
const past = '1970-01-01T00:00:00.001Z'

/** What every client of a store promises of searches in the shared memory. @param open opens an empty store. */
export function memorySearchContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`search in the shared memory, ${name}`, () => {
    let store: AsyncStore
    const ann: Caller = { agentId: 'ann', teamId: 'red', swarmId: 'north' }
    const mate: Caller = { agentId: 'mate', teamId: 'red' }
    const stranger: Caller = { agentId: 'stranger' }
    const invalid = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const set = (entry: NewMemoryEntry, caller = ann): Promise<void> => store.memory.as(caller).set(entry)
    const hits = (options: SearchMemoryOptions, caller = ann): Promise<MemoryHit[]> =>
      store.memory.as(caller).search(options)
    const keys = async (options: SearchMemoryOptions, caller = ann): Promise<string[]> =>
      (await hits(options, caller)).map(({ entry }) => entry.key)

    describe('by words', () => {
      beforeEach(async () => {
        await set({
          key: 'likes:ann',
          value: { text: 'Ann likes green tea', year: 2025 },
          metadata: { tags: ['drink'] },
        })
        await set({ key: 'likes:bob', value: ['Bob is drinking coffee', { and: 'tea with milk, much tea' }] })
        await set({ key: 'plan', value: 'Retry failed requests after a timeout of 30 seconds' })
      })

      test('finds stems in key, value and metadata, and numbers, but no names of fields', async () => {
        expect(await keys({ text: 'drinks' })).toEqual(['likes:bob', 'likes:ann'])
        expect(await keys({ text: 'bob' })).toEqual(['likes:bob'])
        expect(await keys({ text: 'retrying' })).toEqual(['plan'])
        expect(await keys({ text: '2025 30' })).toHaveLength(2)
        expect(await keys({ text: 'year' })).toEqual([])
        expect(await keys({ text: 'nothing' })).toEqual([])
        expect(await keys({ text: '' })).toEqual([])
      })

      test('finds entries with any word, or with all words and phrases', async () => {
        expect((await keys({ text: 'green milk timeout' })).sort()).toEqual(['likes:ann', 'likes:bob', 'plan'])
        expect(await keys({ text: 'tea milk', matching: 'all' })).toEqual(['likes:bob'])
        expect(await keys({ text: '"green tea"', matching: 'all' })).toEqual(['likes:ann'])
        expect(await keys({ text: '"tea green"' })).toEqual([])
        expect(await keys({ text: 'time* coff*' })).toHaveLength(2)
      })

      test('searches only the given fields', async () => {
        expect(await keys({ text: 'likes', fields: ['key'] })).toHaveLength(2)
        expect(await keys({ text: 'likes', fields: ['value'] })).toEqual(['likes:ann'])
        expect(await keys({ text: 'drink', fields: ['metadata'] })).toEqual(['likes:ann'])
        expect(await keys({ text: 'tea drink', fields: ['value', 'key'], matching: 'all' })).toEqual(['likes:bob'])
      })

      test('scores by BM25, which is documented and above 0', async () => {
        const found = await hits({ text: 'tea', fields: ['value'] })
        // Two of three entries have the word, once in 5 words and twice in 9; (5 + 9 + 9) / 3 words on average.
        const idf = Math.log1p((3 - 2 + 0.5) / (2 + 0.5))
        const bm25 = (count: number, length: number): number =>
          (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / (23 / 3)))
        expect(found.map(({ entry, score }) => [entry.key, score])).toEqual([
          ['likes:bob', expect.closeTo(bm25(2, 9), 12)],
          ['likes:ann', expect.closeTo(bm25(1, 5), 12)],
        ])
        expect(found.map(({ textScore, score }) => textScore === score)).toEqual([true, true])
        expect(found.map(({ similarity }) => similarity)).toEqual([null, null])
      })

      test('follows changes', async () => {
        await set({ key: 'plan', value: 'Drink more tea' })
        expect(await keys({ text: 'timeout' })).toEqual([])
        expect(await keys({ text: 'tea' })).toHaveLength(3)
        await store.memory.as(ann).delete({ key: 'likes:bob' })
        expect(await keys({ text: 'coffee' })).toEqual([])
        await set({ key: 'late', value: 'coffee' })
        expect(await keys({ text: 'coffee' })).toEqual(['late'])
      })

      test('takes any text, and what was stored cannot change a query', async () => {
        const storable = TEXTS.filter((text) => text.isWellFormed())
        for (const [i, text] of storable.entries()) {
          await set({ key: `hostile ${i}`, value: { text: `${text} zebra` }, metadata: text })
        }
        for (const text of TEXTS) {
          for (const matching of ['any', 'all'] as const) {
            expect(Array.isArray(await hits({ text, matching }))).toBe(true)
          }
        }
        expect(await keys({ text: 'zebra', limit: 100 })).toHaveLength(storable.length)
        expect(await keys({ text: 'green AND coffee', matching: 'all' })).toEqual([])
        expect(await keys({ text: 'value:coffee', matching: 'all' })).toEqual([])
      })
    })

    describe('by vector', () => {
      const at = (x: number, y: number): MemoryEmbedding => ({ embedder: 'm2', vector: [x, y] })
      const east = { embedder: 'm2', vector: [1, 0] }
      beforeEach(async () => {
        await set({ key: 'east', value: 1, embedding: at(2, 0) })
        await set({ key: 'north', value: 2, embedding: at(0, 3) })
        await set({ key: 'west', value: 3, embedding: at(-1, 0) })
        await set({ key: 'none', value: 4 })
      })

      test('ranks by cosine similarity', async () => {
        const found = await hits({ ...east, vector: Float32Array.of(3, 4) })
        expect(found.map(({ entry, score, similarity }) => [entry.key, score, similarity])).toEqual([
          ['north', expect.closeTo(0.8, 12), expect.closeTo(0.8, 12)],
          ['east', expect.closeTo(0.6, 12), expect.closeTo(0.6, 12)],
          ['west', expect.closeTo(-0.6, 12), expect.closeTo(-0.6, 12)],
        ])
        expect(await keys({ ...east, minimum: 0 })).toEqual(['east', 'north'])
        expect(found[0]?.entry).toMatchObject({ embedder: 'm2', dimension: 2 })
      })

      test('compares the nearest of several vectors, and one of zeros with similarity 0', async () => {
        await set({ key: 'parts', value: 5, embedding: { embedder: 'm2', vector: [[0, -1], Float32Array.of(9, 0)] } })
        await set({ key: 'zero', value: 6, embedding: at(0, 0) })
        expect(await keys({ ...east, minimum: 1 })).toEqual(['east', 'parts'])
        expect((await hits(east)).find(({ entry }) => entry.key === 'zero')?.score).toBe(0)
      })

      test('a value that is set without vectors has none, and equal scores are in the order of creation', async () => {
        await set({ key: 'east', value: 7 })
        expect(await keys(east)).toEqual(['north', 'west'])
        await set({ key: 'a', value: 8, embedding: at(0, -5) })
        expect(await keys(east)).toEqual(['north', 'a', 'west'])
      })

      test('the embedder and its dimension are checked, and both are named', async () => {
        await expect(hits({ embedder: 'm3', vector: [1, 0] })).rejects.toEqual(
          invalid('embedder to be one that was used: m2, got "m3"'),
        )
        await expect(hits({ embedder: 'm2', vector: [1, 0, 0] })).rejects.toEqual(
          invalid('vector to be of dimension 2, as m2 makes them, got 3'),
        )
        await expect(set({ key: 'new', value: 1, embedding: { embedder: 'm2', vector: [1] } })).rejects.toEqual(
          invalid('vector to be of dimension 2, as m2 makes them, got 1'),
        )
        await expect(
          set({ key: 'new', value: 1, embedding: { embedder: 'm9', vector: [[1], [1, 2]] } }),
        ).rejects.toEqual(invalid('vector to be of dimension 1, as m9 makes them, got 2'))
        expect(await store.memory.as(ann).get({ key: 'new' })).toBeUndefined()
        // Nothing to compare with is no error: the memory may be new.
        expect(await hits({ embedder: 'm3', vector: [1], partition: 'other' })).toEqual([])
        expect(await hits({ embedder: 'm3', vector: [1] }, stranger)).toEqual([])
      })
    })

    test('by words and vector, the ranks of both are fused', async () => {
      const tea = (key: string, value: string, vector: number[]): Promise<void> =>
        set({ key, value, embedding: { embedder: 'm2', vector } })
      await tea('both', 'tea in the morning', [1, 0.1])
      await tea('near', 'coffee', [1, 0])
      await tea('word', 'tea tea tea', [0, 1])
      await set({ key: 'text only', value: 'a long text which has the word tea somewhere, and not twice' })
      const query = { text: 'tea', vector: [1, 0], embedder: 'm2', fields: ['value'] as const }
      const found = await hits(query)
      // The words rank word, both, text only; the vectors near, both, word.
      expect(found.map(({ entry, score }) => [entry.key, score])).toEqual([
        ['word', expect.closeTo(0.5 / 61 + 0.5 / 63, 12)],
        ['both', expect.closeTo(0.5 / 62 + 0.5 / 62, 12)],
        ['near', expect.closeTo(0.5 / 61, 12)],
        ['text only', expect.closeTo(0.5 / 63, 12)],
      ])
      expect(found.find(({ entry }) => entry.key === 'near')).toMatchObject({ textScore: null, similarity: 1 })
      expect(found.find(({ entry }) => entry.key === 'text only')?.similarity).toBe(null)
      expect((await keys({ ...query, vectorWeight: 0.99 }))[0]).toBe('near')
      expect(await keys({ ...query, vectorWeight: 0 })).toEqual(await keys({ text: 'tea', fields: ['value'] }))
      expect(await keys({ ...query, minimum: 0.5, vectorWeight: 1 })).toEqual(['near', 'both'])
      const pages = await Promise.all([0, 1, 2, 3, 4].map((offset) => keys({ ...query, limit: 1, offset })))
      expect(pages.flat()).toEqual(found.map(({ entry }) => entry.key))
    })

    describe('only what the caller may read', () => {
      const query = { text: 'secret', vector: [1, 0], embedder: 'm2' }
      const forms: readonly SearchMemoryOptions[] = [query, { text: 'secret' }, { vector: [1, 0], embedder: 'm2' }]
      const share = (accessLevel: AccessLevel): Promise<void> =>
        set({ key: 'k', value: 'secret', accessLevel, embedding: { embedder: 'm2', vector: [1, 0] } })

      test('is found, as access changes', async () => {
        const all = async (caller: Caller): Promise<number[]> =>
          Promise.all(forms.map(async (form) => (await keys(form, caller)).length))
        await share('private')
        expect([await all(ann), await all(mate), await all(stranger)]).toEqual([
          [1, 1, 1],
          [0, 0, 0],
          [0, 0, 0],
        ])
        await share('team')
        expect([await all(mate), await all(stranger)]).toEqual([
          [1, 1, 1],
          [0, 0, 0],
        ])
        const as = store.memory.as(ann)
        await as.grant({ key: 'k', agentId: 'stranger', permissions: ['read'] })
        await as.block({ key: 'k', agentId: 'mate' })
        expect([await all(mate), await all(stranger)]).toEqual([
          [0, 0, 0],
          [1, 1, 1],
        ])
        await as.revoke({ key: 'k', agentId: 'stranger' })
        await as.unblock({ key: 'k', agentId: 'mate' })
        expect([await all(mate), await all(stranger)]).toEqual([
          [1, 1, 1],
          [0, 0, 0],
        ])
      })

      test('counts for scores, so that they reveal nothing of other entries', async () => {
        await set({ key: 'mine', value: 'merger of two words' }, stranger)
        const before = await hits({ text: 'merger' }, stranger)
        await set({ key: 'hidden', value: 'the merger, a merger' })
        await set({ key: 'hidden too', value: 'long '.repeat(50) })
        expect(await hits({ text: 'merger' }, stranger)).toEqual(before)
        await store.memory.as(ann).set({ key: 'hidden', value: 'the merger', accessLevel: 'public' })
        expect(await hits({ text: 'merger' }, stranger)).not.toEqual(before)
      })

      test('and has not expired is found', async () => {
        await share('public')
        await set({ key: 'old', value: 'secret', expiresAt: past, embedding: { embedder: 'm2', vector: [1, 0] } })
        for (const form of forms) expect(await keys(form)).toEqual(['k'])
        await store.memory.prune()
        for (const form of forms) expect(await keys(form)).toEqual(['k'])
      })
    })

    test('filters select by partition, key, owner, level, value and metadata', async () => {
      for (let i = 0; i < 6; i++) {
        const accessLevel = i % 2 === 0 ? 'public' : 'private'
        const value = { text: 'note', n: i, source: { name: `s${i % 3}` } }
        await set({
          key: `note:${i}`,
          partition: `p${i % 3}`,
          value,
          metadata: { by: i < 3 ? 'hand' : null },
          accessLevel,
        })
      }
      const numbers = async (options: Partial<SearchMemoryOptions>, caller = ann): Promise<number[]> =>
        (await hits({ text: 'note', fields: ['value'], ...options }, caller)).map(
          ({ entry }) => (entry.value as { n: number }).n,
        )
      expect(await numbers({})).toEqual([0, 1, 2, 3, 4, 5])
      expect(await numbers({ limit: 2, offset: 3 })).toEqual([3, 4])
      expect(await numbers({ limit: 0 })).toEqual([])
      expect(await numbers({ partition: 'p1' })).toEqual([1, 4])
      expect(await numbers({ keys: '*:2' })).toEqual([2])
      expect(await numbers({ accessLevel: 'private' })).toEqual([1, 3, 5])
      expect(await numbers({ owner: 'stranger' })).toEqual([])
      expect(await numbers({}, stranger)).toEqual([0, 2, 4])
      expect(await numbers({ filter: { n: { $gte: 2, $lt: 5 } }, metadata: { by: 'hand' } })).toEqual([2])
      expect(await numbers({ filter: { 'source.name': { $in: ['s0', 's1'] } } })).toEqual([0, 1, 3, 4])
      expect(await numbers({ filter: { source: { name: 's2' } }, limit: 1, offset: 1 })).toEqual([5])
      const listed = await store.memory.as(ann).list({ keys: 'note:*', filter: { n: { $nin: [1] } }, limit: 2 })
      expect(listed.map(({ key }) => key)).toEqual(['note:0', 'note:3'])
    })

    test('a lifetime can be set alone', async () => {
      const memory = store.memory.as(ann)
      await set({ key: 'k', value: 'tea', accessLevel: 'public', embedding: { embedder: 'm1', vector: [1] } })
      const before = await memory.get({ key: 'k' })
      expect(await memory.setLifetime({ key: 'k', ttlMs: 60_000 })).toBe(true)
      const after = await memory.get({ key: 'k' })
      expect(after).toEqual({ ...before, expiresAt: expect.stringMatching(/Z$/) })
      expect(await keys({ text: 'tea' })).toEqual(['k'])
      await expect(store.memory.as(stranger).setLifetime({ key: 'k', ttlMs: 0 })).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
      })
      expect(await memory.setLifetime({ key: 'k', ttlMs: 0 })).toBe(true)
      expect(await memory.get({ key: 'k' })).toEqual(before)
      expect(await memory.setLifetime({ key: 'none', ttlMs: 1 })).toBe(false)
    })

    const refusals: readonly (readonly [
      what: string,
      operation: (memory: ReturnType<AsyncStore['memory']['as']>) => Promise<unknown>,
      message: string,
    ])[] = [
      ['neither text nor vector', (m) => m.search({}), 'text to be set, or vector'],
      ['a text that is none', (m) => m.search({ text: 5 as never }), 'text to be a string'],
      ['a vector without embedder', (m) => m.search({ vector: [1] }), 'embedder to be'],
      ['an embedder without vector', (m) => m.search({ text: 'a', embedder: 'm' }), 'embedder to be left out'],
      ['an empty vector', (m) => m.search({ vector: [], embedder: 'm' }), 'at least one number'],
      ['a vector of text', (m) => m.search({ vector: ['1'] as never, embedder: 'm' }), 'finite 32-bit floats'],
      ['too great a number', (m) => m.search({ vector: [1e39], embedder: 'm' }), 'finite 32-bit floats'],
      ['an unknown option', (m) => m.search({ text: 'a', query: 'b' } as never), 'got query'],
      ['an unknown field', (m) => m.search({ text: 'a', fields: ['owner' as 'key'] }), 'fields to be one of'],
      ['no field', (m) => m.search({ text: 'a', fields: [] }), 'at least one field'],
      ['an unknown matching', (m) => m.search({ text: 'a', matching: 'some' as 'any' }), 'matching to be one of'],
      ['a weight above 1', (m) => m.search({ text: 'a', vectorWeight: 2 }), 'vectorWeight'],
      ['a similarity above 1', (m) => m.search({ text: 'a', minimum: 2 }), 'minimum'],
      ['a negative limit', (m) => m.search({ text: 'a', limit: -1 }), 'limit'],
      ['an unknown operator', (m) => m.search({ text: 'a', filter: { n: { $near: 1 } as never } }), 'got $near'],
      ['a filter that is none', (m) => m.list({ filter: 5 as never }), 'filter to be an object'],
      [
        'an empty list of vectors',
        (m) => m.set({ key: 'k', value: 1, embedding: { embedder: 'm', vector: [] } }),
        'at least',
      ],
      ['no embedder', (m) => m.set({ key: 'k', value: 1, embedding: { vector: [1] } as never }), 'embedder to be'],
    ]
    test('invalid arguments are rejected, and change nothing', async () => {
      await set({ key: 'a', value: 'a' })
      const { sequence } = await store.status()
      for (const [what, operation, message] of refusals) {
        await expect(operation(store.memory.as(ann)), what).rejects.toEqual(invalid(message))
      }
      expect((await store.status()).sequence).toBe(sequence)
    })
  })
}
