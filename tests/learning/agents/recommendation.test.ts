import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOf } from '../../../src/algorithms/keys/keys.ts'
import { parseKey } from '../../../src/algorithms/keys/parse-key.ts'
import { toJson } from '../../../src/learning/core/experience.ts'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'
import { migrate } from '../../../src/sql/migrations.ts'
import { stateActionHash } from '../../../src/tables/state-action-hash.ts'
import { completeStore } from '../../complete-store.ts'
import { plainValue } from '../../plain-value.ts'

const engine = await nodeEngine()

function freshStore(): { store: LearningStore; connection: Connection } {
  const connection = new Connection(engine)
  migrate(connection)
  let ids = 0
  return { connection, store: completeStore(connection, { now: () => 0, newId: () => `id-${ids++}`, seed: 7 }) }
}

test('the JSON of a parsed key equals the JSON of stored experiences', () => {
  fc.assert(
    fc.property(plainValue, (value) => {
      expect(toJson(parseKey(keyOf(value)))).toBe(toJson(value))
    }),
    { numRuns: 5000 },
  )
})

test('the hash of an action in a state equals the one in existing files', () => {
  expect(stateActionHash('agent', '{"b":1}', '"left"')).toBe(-2094650607)
  expect(stateActionHash('ab', 'c', 'd')).not.toBe(stateActionHash('a', 'bc', 'd'))
})

test('states with the same hash are distinguished', () => {
  const agent = freshStore().store.agent('a')
  expect(stateActionHash('a', '"s58078"', '"x"')).toBe(stateActionHash('a', '"s158226"', '"x"'))
  for (const state of ['s58078', 's158226']) agent.learn({ id: state, state, action: 'x', reward: 1, terminated: true })
  expect(agent.recommend('s58078').evidence.experienceIds).toEqual(['s58078'])
})

test('the experiences with an action in a state are read by an index and unsorted', () => {
  const { connection } = freshStore()
  const sql = `SELECT id FROM learning_experiences WHERE state_action_hash = ? AND agent_id = ? AND state = ?
    AND action = ? ORDER BY id DESC LIMIT 50`
  expect(connection.all(`EXPLAIN QUERY PLAN ${sql}`, [1, 'a', 's', 'x']).map((step) => step[3])).toEqual([
    'SEARCH learning_experiences USING INDEX learning_experiences_by_state_action_hash (state_action_hash=?)',
  ])
})

test('among many states, ties go to the first by key', () => {
  const agent = freshStore().store.agent('a')
  const state = (i: number) => ({ id: `k${String(i).padStart(4, '0')}`, kind: 'x', storage: 'y' })
  agent.learnMany(
    Array.from({ length: 1200 }, (_, i) => ({ state: state(i), action: 'x', reward: 1, terminated: true })),
  )
  const { reasoning, evidence } = agent.recommend({ ...state(600), id: 'k0599~' })
  expect(reasoning).toContain('the nearest of 1200 seen states')
  expect(evidence.states.map(({ stateKey }) => stateKey)).toEqual(
    [0, 1, 2, 3, 4].map((i) => `id:k000${i}|kind:x|storage:y`),
  )
})

test('sees what the same transaction learned', () => {
  const { store, connection } = freshStore()
  const agent = store.agent('a')
  connection.transaction(() => {
    agent.learn({ id: 'e1', state: { a: 1, b: 2, c: 3 }, action: 'x', reward: 1, terminated: true })
    expect(agent.recommend({ a: 1, b: 2, c: 4 }).evidence.experienceIds).toEqual(['e1'])
  })
})
