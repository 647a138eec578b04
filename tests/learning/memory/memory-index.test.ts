import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import { EMPTY_IMPORT } from '../../../src/learning/maintenance/import-batch.ts'
import { clockedStore } from '../clocked-store.ts'

const AGENTS = ['ann', 'bob'] as const
const LEVELS = ['private', 'public'] as const

/** What searches return. */
function found({ memory }: LearningStore): unknown {
  return AGENTS.map((agentId) => {
    const mine = memory.as({ agentId })
    const queries = [{ text: 'tea' }, { text: 'tea milk', matching: 'all' as const }, { text: 'k1', limit: 2 }]
    const byVector = { vector: [1, 2], embedder: 'e' }
    return [...queries, byVector, { ...byVector, text: 'tea' }].map((query) => mine.search(query))
  })
}

type Operation = (store: LearningStore) => unknown
const agent = fc.constantFrom(...AGENTS)
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4')
const set = fc
  .record({
    agent,
    key,
    words: fc.array(fc.constantFrom('tea', 'milk', 'sugar'), { maxLength: 5 }),
    vector: fc.option(fc.tuple(fc.nat(3), fc.nat(3)), { nil: undefined }),
    accessLevel: fc.constantFrom(...LEVELS),
    ttlMs: fc.constantFrom(0, 1),
  })
  .map(
    ({ agent: agentId, key, words, vector, accessLevel, ttlMs }): Operation =>
      ({ memory }) =>
        memory.as({ agentId }).set({
          key,
          value: words.join(' '),
          accessLevel,
          ttlMs,
          ...(vector && { embedding: { embedder: 'e', vector } }),
        }),
  )
const operation = fc.oneof(
  { weight: 4, arbitrary: set },
  fc.tuple(agent, key).map(
    ([agentId, key]): Operation =>
      ({ memory }) =>
        memory.as({ agentId }).delete({ key }),
  ),
  fc.tuple(agent, agent, key, fc.constantFrom('block', 'unblock', 'revoke')).map(
    ([agentId, other, key, change]): Operation =>
      ({ memory }) =>
        memory.as({ agentId })[change as 'block']({ key, agentId: other }),
  ),
  fc.tuple(agent, agent, key).map(
    ([agentId, other, key]): Operation =>
      ({ memory }) =>
        memory.as({ agentId }).grant({ key, agentId: other, permissions: ['read'] }),
  ),
  fc.constant<Operation>(({ memory }) => memory.prune()),
  fc.constant<Operation>(found),
)

/** Refused operations are part of the test. */
function attempt(store: LearningStore, one: Operation): void {
  try {
    one(store)
  } catch (error) {
    expect(error).toMatchObject({ name: 'StoreError' })
  }
}

test('the index gives the results of a new one after any operations, also rolled back ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(operation, { maxLength: 5 }), fc.boolean()), { maxLength: 8 }),
      (transactions) => {
        const { store, connection, clock } = clockedStore()
        for (const [operations, isRolledBack] of transactions) {
          clock.now++
          if (!isRolledBack) for (const one of operations) attempt(store, one)
          else {
            const work = (): never => {
              for (const one of operations) attempt(store, one)
              throw new RangeError('rolled back')
            }
            expect(() => connection.transaction(work)).toThrow(RangeError)
          }
          if (operations.length % 2 === 0) found(store)
        }
        const incremental = found(store)
        store.applyImport(EMPTY_IMPORT, false)
        // Built again: an import may have changed any row.
        expect(found(store)).toEqual(incremental)
      },
    ),
    { numRuns: 60, seed: 1 },
  )
})

test('entries that an import adds are found', () => {
  const { store, clock } = clockedStore()
  const ann = store.memory.as({ agentId: 'ann' })
  ann.set({ key: 'k', value: 'tea' })
  expect(ann.search({ text: 'tea' })).toHaveLength(1)
  const columns = ['key', 'partition', 'value', 'created_at', 'owner']
  const rows = [
    ['imported', 'p', '{"text":"more tea"}', clock.now, 'ann'],
    ['no JSON', 'p', 'tea {', clock.now, 'ben'],
  ]
  store.applyImport({ ...EMPTY_IMPORT, rows: [{ table: 'memory_entries', columns, rows }] }, false)
  expect(ann.search({ text: 'tea' }).map(({ entry }) => entry.key)).toEqual(['k', 'imported'])
})

test('the index is rebuilt when most of its texts were replaced', () => {
  const { store } = clockedStore()
  const ann = store.memory.as({ agentId: 'ann' })
  ann.set({ key: 'other', value: 'tea' })
  for (let i = 0; i < 1_100; i++) {
    ann.set({ key: 'k', value: `tea ${i}` })
    expect(ann.search({ text: `"tea ${i}"`, matching: 'all' })).toHaveLength(1)
  }
  expect(ann.search({ text: 'tea' }).map(({ entry }) => entry.key)).toEqual(['other', 'k'])
  expect(ann.search({ text: '7' })).toEqual([])
})
