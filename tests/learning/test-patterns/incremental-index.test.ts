import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewTestPattern } from '../../../src/entry/node.ts'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'
import { migrate } from '../../../src/sql/migrations.ts'
import { completeStore } from '../../complete-store.ts'

const engine = await nodeEngine()

interface Fresh {
  readonly store: LearningStore
  readonly connection: Connection
}

function freshStore(bytes?: Uint8Array): Fresh {
  const connection = new Connection(engine, bytes)
  migrate(connection)
  let ids = 0
  return { connection, store: completeStore(connection, { now: () => 0, newId: () => `id-${ids++}`, seed: 7 }) }
}

/** Words that are their own stems. */
const WORDS = ['zup', 'mab', 'kto', 'lurk', 'fop']
const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 })
const texts = fc.record({ name: words, description: words, tags: words })
type Texts = typeof texts extends fc.Arbitrary<infer T> ? T : never

function patternOf(id: string, { name, description, tags }: Texts): NewTestPattern {
  return {
    id,
    patternType: 'unit',
    framework: 'jest',
    codeSignature: id,
    testTemplate: name.join(' '),
    metadata: { name: name.join(' '), description: description.join(' '), tags },
  }
}

/** BM25 by column as in the books, from nothing but the texts. */
function referenceScores(
  documents: ReadonlyMap<string, Texts>,
  asked: readonly string[],
  matching: 'all' | 'any',
): Map<string, number> {
  const columns = (one: Texts): [string[], number][] => [
    [one.name, 3],
    [one.description, 1],
    [one.tags, 2],
  ]
  const all = [...documents.values()]
  const scores = new Map<string, number>()
  for (const [id, one] of documents) {
    const whole = columns(one).flatMap(([text]) => text)
    const fits = (word: string): boolean => whole.includes(word)
    if (matching === 'all' ? !asked.every(fits) : !asked.some(fits)) continue
    let score = 0
    for (const word of new Set(asked)) {
      for (const [i, [text, weight]] of columns(one).entries()) {
        const others = all.map((other) => columns(other)[i]?.[0] ?? [])
        const having = others.filter((other) => other.includes(word)).length
        const average = others.reduce((sum, other) => sum + other.length, 0) / all.length
        const frequency = text.filter((each) => each === word).length
        if (frequency === 0) continue
        const idf = Math.log(1 + (all.length - having + 0.5) / (having + 0.5))
        score += weight * idf * ((frequency * 2.2) / (frequency + 1.2 * (0.25 + 0.75 * (text.length / average))))
      }
    }
    scores.set(id, score)
  }
  return scores
}

describe('ranking', () => {
  test('equals BM25 computed separately', () => {
    const asked = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
    const matching = fc.constantFrom('all', 'any')
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 12 }), asked, matching, (all, query, matching) => {
        const { store, connection } = freshStore()
        const documents = new Map(all.map((one, i) => [`p${i}`, one]))
        store.testPatterns.upsertMany([...documents].map(([id, one]) => patternOf(id, one)))
        const expected = referenceScores(documents, query, matching)
        const found = store.testPatterns.search(query.join(' '), { limit: 100, matching })
        expect(found.map(({ pattern }) => pattern.id).sort()).toEqual([...expected.keys()].sort())
        for (const { pattern, score } of found) expect(score).toBeCloseTo(expected.get(pattern.id) ?? Number.NaN, 10)
        expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a))
        connection.close()
      }),
      { numRuns: 200 },
    )
  })

  test('a word in every pattern still ranks by its frequency and the length of the text', () => {
    const { store } = freshStore()
    const of = (id: string, text: string): NewTestPattern => ({
      ...patternOf(id, { name: [], description: [], tags: [] }),
      metadata: { description: text },
    })
    store.testPatterns.upsertMany([of('long', 'zup lurk kto fop'), of('short', 'zup'), of('often', 'zup zup zup zup')])
    const found = store.testPatterns.search('zup')
    expect(found.map(({ pattern }) => pattern.id)).toEqual(['often', 'short', 'long'])
    expect(found.every(({ score }) => score > 0)).toBe(true)
  })
})

type Operation = (store: LearningStore) => unknown

const ids = fc.constantFrom('a', 'b', 'c', 'd')
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(ids, texts, fc.constantFrom('jest', 'ava')).map(
    ([id, one, framework]): Operation =>
      (store) =>
        store.testPatterns.upsert({ ...patternOf(id, one), framework: framework as 'ava' }),
  ),
  fc.tuple(ids, texts).map(
    ([id, one]): Operation =>
      ({ testPatterns }) =>
        testPatterns.update(id, { metadata: patternOf(id, one).metadata ?? {}, testTemplate: one.tags }),
  ),
  ids.map(
    (id): Operation =>
      ({ testPatterns }) =>
        testPatterns.delete(id),
  ),
  fc.tuple(ids, fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 })).map(
    ([id, x, y]): Operation =>
      ({ testPatterns }) =>
        testPatterns.setEmbedding(id, { embedder: 'e', vector: [x, y] }),
  ),
  fc.record({ patternId: ids, projectId: fc.constantFrom('p', 'q'), success: fc.boolean() }).map(
    (use): Operation =>
      ({ testPatterns }) =>
        testPatterns.recordUse({ ...use, ...(use.success ? { quality: 0.5, coverageGain: 0.25 } : {}) }),
  ),
  ids.map(
    (id): Operation =>
      ({ testPatterns }) =>
        testPatterns.saveSimilarPairs(id, { minimum: 0.1 }),
  ),
  fc.constant<Operation>(answers),
)

/** What the indexes in memory answer. */
function answers({ testPatterns }: LearningStore): unknown {
  const byId = <T extends { readonly pattern: { readonly id: string } }>(found: T[]): T[] =>
    found.sort((a, b) => (a.pattern.id < b.pattern.id ? -1 : 1))
  return [
    ...[...WORDS, 'jest', 'zup*'].map((word) => byId(testPatterns.search(word))),
    ...testPatterns.list().map(({ id }) => testPatterns.findSimilar(id)),
    testPatterns.listEmbedders().length === 0 ? [] : byId(testPatterns.findNearest([1, 1], { embedder: 'e' })),
  ]
}

const attempted = (one: () => unknown): unknown => {
  try {
    return one()
  } catch (error) {
    expect(error).toMatchObject({ name: 'StoreError' })
    return undefined
  }
}

describe('the index in memory', () => {
  test('forgets what it read in a transaction that was rolled back', () => {
    const { store, connection } = freshStore()
    const { testPatterns } = store
    const one = (id: string): NewTestPattern => patternOf(id, { name: ['zup'], description: ['mab'], tags: [] })
    testPatterns.upsertMany([one('a'), one('b')])
    testPatterns.setEmbedding('a', { embedder: 'e', vector: [1, 2] })
    const before = answers(store)
    const rolledBack = new Error('rolled back')
    const meanwhile = (): never => {
      testPatterns.upsert(one('c'))
      testPatterns.delete('b')
      testPatterns.update('a', { metadata: { name: 'zup zup zup' } })
      testPatterns.setEmbedding('a', { embedder: 'e', vector: [1, 0] })
      testPatterns.setEmbedding('c', { embedder: 'e', vector: [1, 0] })
      expect(answers(store)).not.toEqual(before)
      throw rolledBack
    }
    expect(() => connection.transaction(meanwhile)).toThrow(rolledBack)
    expect(answers(store)).toEqual(before)
  })

  test('distinguishes documents with the docid of a removed one after a rollback', () => {
    const { store, connection } = freshStore()
    const one = (id: string): NewTestPattern => patternOf(id, { name: ['zup'], description: [], tags: [] })
    store.testPatterns.upsert(one('c'))
    const before = answers(store)
    const rolledBack = new Error('rolled back')
    const meanwhile = (): never => {
      store.testPatterns.delete('c')
      store.testPatterns.upsert(one('a'))
      answers(store)
      throw rolledBack
    }
    expect(() => connection.transaction(meanwhile)).toThrow(rolledBack)
    expect(answers(store)).toEqual(before)
  })

  test('gives the results of a reopened store after any operations, also rolled back ones', () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: operation.map(
          (one): ((fresh: Fresh) => void) =>
            ({ store }) =>
              void attempted(() => one(store)),
        ),
      },
      {
        weight: 1,
        arbitrary: fc
          .array(operation, { maxLength: 4 })
          .map((operations): ((fresh: Fresh) => void) => ({ store, connection }) => {
            const rolledBack = new Error('rolled back')
            const all = (): never => {
              for (const one of operations) attempted(() => one(store))
              answers(store)
              throw rolledBack
            }
            expect(() => connection.transaction(all)).toThrow(rolledBack)
          }),
      },
      {
        weight: 1,
        arbitrary: fc.array(operation, { maxLength: 4 }).map((operations): ((fresh: Fresh) => void) => ({ store }) => {
          store.batch(operations.map((one) => () => one(store)))
        }),
      },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const fresh = freshStore()
        for (const one of steps) one(fresh)
        const reopened = freshStore(fresh.connection.export())
        expect(answers(fresh.store)).toEqual(answers(reopened.store))
        fresh.connection.close()
        reopened.connection.close()
      }),
      { numRuns: 300 },
    )
  })

  test('gives the results of a store with the same patterns added at once', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const fresh = freshStore()
        for (const one of operations) attempted(() => one(fresh.store))
        const other = freshStore()
        const patterns = fresh.store.testPatterns.list()
        for (const { signatureHash: _, createdAt: __, updatedAt: ___, ...pattern } of patterns.reverse()) {
          other.store.testPatterns.upsert(pattern)
          const embedding = fresh.store.testPatterns.getEmbedding(pattern.id, 'e')
          if (embedding) other.store.testPatterns.setEmbedding(pattern.id, embedding)
        }
        const sorted = ({ store }: Fresh): unknown => {
          const [...all] = answers(store) as { pattern: { id: string } }[][]
          return all.map((found) => JSON.stringify(found)).sort()
        }
        expect(sorted(fresh)).toEqual(sorted(other))
        fresh.connection.close()
        other.connection.close()
      }),
      { numRuns: 100 },
    )
  })
})

test('the cached statistics equal the view over the uses, and nothing is left of deleted patterns', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const { store, connection } = freshStore()
      for (const one of operations) attempted(() => one(store))
      for (const { patternId, totalUses, projectCount, ...measured } of store.testPatterns.analytics()) {
        const cached = store.testPatterns.getStatistics(patternId)
        expect(cached).toMatchObject({ totalUses, projectCount, successRate: measured.successRate })
        expect(cached?.avgQuality ?? null).toBe(measured.avgQuality)
        expect(cached?.avgCoverageGain ?? null).toBe(measured.avgCoverageGain)
      }
      const orphans = [
        'SELECT pattern_id FROM test_pattern_usage EXCEPT SELECT id FROM test_patterns',
        'SELECT pattern_id FROM pattern_stats_cache EXCEPT SELECT id FROM test_patterns',
        'SELECT pattern_id FROM pattern_documents EXCEPT SELECT id FROM test_patterns',
        'SELECT pattern_id FROM pattern_embeddings EXCEPT SELECT id FROM test_patterns',
        'SELECT pattern_a FROM pattern_similarity_index EXCEPT SELECT id FROM test_patterns',
        'SELECT docid FROM pattern_fts EXCEPT SELECT docid FROM pattern_documents',
        'SELECT id FROM test_patterns EXCEPT SELECT pattern_id FROM pattern_documents',
      ]
      for (const sql of orphans) expect(connection.all(sql)).toEqual([])
      connection.close()
    }),
    { numRuns: 150 },
  )
})
