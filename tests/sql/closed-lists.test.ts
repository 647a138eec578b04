import { expect, test } from 'vitest'
import { ALGORITHMS } from '../../src/algorithms/algorithms.ts'
import { LINEAR_POLICIES, TABULAR_POLICIES } from '../../src/algorithms/policies.ts'
import { LEARNING_RATE_SCHEDULES } from '../../src/algorithms/step-sizes.ts'
import { PATTERN_TYPES, TEST_FRAMEWORKS, TEST_LANGUAGES } from '../../src/learning/test-patterns/test-pattern.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'
import { completeStore } from '../complete-store.ts'

const engine = await nodeEngine()

function freshStore() {
  const connection = new Connection(engine)
  migrate(connection)
  return { connection, store: completeStore(connection, { now: () => 0, newId: () => 'id', seed: 1 }) }
}

test.each([
  ['test_patterns', 'pattern_type', PATTERN_TYPES],
  ['test_patterns', 'framework', TEST_FRAMEWORKS],
  ['test_patterns', 'language', TEST_LANGUAGES],
] as const)('the schema of %s.%s takes the names of the closed list', (table, column, names) => {
  const { connection } = freshStore()
  const [sql] = connection.get<[string]>('SELECT sql FROM sqlite_schema WHERE name = ?', [table]) ?? ['']
  const [, list = ''] = new RegExp(`${column} IN \\(([^)]*)\\)`).exec(sql) ?? []
  expect([...list.matchAll(/'([^']*)'/g)].map(([, name]) => name).toSorted()).toEqual([...names].toSorted())
})

test('verify accepts every configuration that the checks accept', () => {
  const { store } = freshStore()
  for (const algorithm of ALGORITHMS) store.agent(`a ${algorithm}`, { algorithm })
  for (const policy of TABULAR_POLICIES) store.agent(`p ${policy}`, { policy })
  for (const policy of LINEAR_POLICIES) store.agent(`l ${policy}`, { algorithm: 'linear', policy })
  for (const learningRateSchedule of LEARNING_RATE_SCHEDULES)
    store.agent(`s ${learningRateSchedule}`, { learningRateSchedule })
  expect(store.verify().findings).toEqual([])
})

test.each(['algorithm', 'policy', 'step_size'])('verify reports a %s that is not in the closed list', (column) => {
  const { connection, store } = freshStore()
  store.agent('a', { policy: 'softmax' })
  connection.run(`UPDATE learning_agents SET ${column} = 'unknown'`, [])
  expect(store.verify().findings).toMatchObject([{ what: 'agents' }])
})

test.each([
  [1, null],
  [null, 1],
  [1, 1],
  [-1e308, 1e308],
])('verify reports a range of rewards from %s to %s', (low, high) => {
  const { connection, store } = freshStore()
  store.agent('a', { rewardRange: [-2, 2] })
  expect(store.verify().findings).toEqual([])
  connection.run('UPDATE learning_agents SET reward_low = ?, reward_high = ?', [low, high])
  expect(store.verify().findings).toMatchObject([{ what: 'agents' }])
})
