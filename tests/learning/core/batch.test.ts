import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { Connection } from '../../../src/sql/connection.ts'
import { migrate } from '../../../src/sql/migrations.ts'
import { completeStore } from '../../complete-store.ts'

const engine = await nodeEngine()

type Operation = (store: LearningStore) => unknown

/** A store of its own with two agents, that counts its commits. */
function freshStore(): { store: LearningStore; connection: Connection; commits: () => number } {
  const connection = new Connection(engine)
  migrate(connection)
  let ids = 0
  const store = completeStore(connection, { now: () => 1_700_000_000_000, newId: () => `id-${ids++}`, seed: 7 })
  store.agent('a', { explorationRate: 0.5 })
  store.agent('b', { algorithm: 'double-q-learning' })
  let commits = 0
  connection.onCommit = () => commits++
  return { store, connection, commits: () => commits }
}

const state = fc.constantFrom('s', 't')
const action = fc.constantFrom('x', 'y', 'z')
const agent = fc.constantFrom('a', 'b', 'nobody')
const reward = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  // Rewards that make a value leave the range of numbers: refused inside the transaction.
  fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN),
)
/** Always told: what is made anew when a batch is run again is another one. */
const id = fc.constantFrom('1', '2', '3', '4', '5', '6')
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ agent, state, action, reward, id }).map(
    ({ agent, id, ...rest }): Operation =>
      (store) =>
        store.agentOf(agent).learn({ ...rest, id, nextState: rest.state }),
  ),
  fc.record({ agent, state }).map(
    ({ agent, state }): Operation =>
      (store) =>
        store.agentOf(agent).selectAction(state, { actions: ['x', 'y', 'z'] }),
  ),
  fc.record({ agent, state }).map(
    ({ agent, state }): Operation =>
      (store) => [
        store.values.get(agent, state),
        store.values.list({ agentId: agent }),
        store.values.listByState(agent),
      ],
  ),
  fc.constant<Operation>((store) => [store.status().counts, store.experiences.list(), store.agents.list()]),
  fc.constantFrom(0.1, 5).map(
    (explorationRate): Operation =>
      (store) =>
        void store.agent('c', { explorationRate }),
  ),
  fc
    .record({
      agent,
      state,
      action,
      reward,
      success: fc.boolean(),
      id,
      learnsValue: fc.boolean(),
      prioritized: fc.boolean(),
    })
    .map(
      ({ agent, id, prioritized, ...rest }): Operation =>
        (store) =>
          store.agentOf(agent).learnFromExecution({
            ...rest,
            id,
            nextState: rest.state,
            executionTimeMs: 5,
            updateFrequency: 3,
            discovery: { rule: 'rate', minUses: 2 },
            replay: { batchSize: 2, prioritized },
          }),
    ),
  fc.record({ agent, prioritized: fc.boolean(), batchSize: fc.constantFrom(3, 0) }).map(
    ({ agent, ...options }): Operation =>
      (store) =>
        store.agentOf(agent).replay(options),
  ),
  agent.map(
    (id): Operation =>
      (store) =>
        store.agentOf(id).plan({ maxSweeps: 50 }),
  ),
  fc.record({ agent, strategy: action, success: fc.boolean() }).map(
    ({ agent, ...use }): Operation =>
      (store) => [
        store.patterns.recordUse({ agentId: agent, taskType: 't', ...use }),
        store.patterns.list({ minLowerBound: 0 }),
        store.patterns.listFailures(),
      ],
  ),
  fc.record({ agent, reward }).map(
    ({ agent, reward }): Operation =>
      (store) =>
        store.learningHistory.add({ agentId: agent, stateRepresentation: 's', action: 'x', reward }),
  ),
  fc.record({ agent, reward }).map(
    ({ agent, reward }): Operation =>
      (store) =>
        store.learningMetrics.add({ agentId: agent, metricType: 'accuracy', metricValue: reward }),
  ),
  agent.map(
    (id): Operation =>
      (store) =>
        store.agentOf(id).getStatistics(),
  ),
  fc.constantFrom(1, 5).map(
    (successRate): Operation =>
      (store) => [
        store.executionPatterns.list(),
        store.executionPatterns.add({ taskType: 't', patternUsed: 'p', successRate }),
      ],
  ),
)

const TABLES = [
  ['learning_experiences', 'agent_id, experience_id'],
  ['q_values', 'agent_id, state_key, action_key'],
  ['double_q_values', 'agent_id, state_key, action_key'],
  ['learning_agents', 'agent_id'],
  ['execution_patterns', 'id'],
  ['patterns', 'id'],
  ['pattern_usage', 'id'],
  ['learning_history', 'id'],
  ['learning_metrics', 'id'],
] as const

/** All that is kept, without the numbers of rows: a batch writes a value once, and so in another order. */
function content(connection: Connection): unknown[] {
  return TABLES.map(([table, order]) => {
    const columns = connection
      .all<[string]>(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'id' ORDER BY cid`)
      .map(([name]) => name)
    return connection.all(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${order}`)
  })
}

const settled = (one: () => unknown): unknown => {
  try {
    return { result: one() }
  } catch (error) {
    return { error: String(error) }
  }
}

describe('a batch', () => {
  test('has the results and the effect of its operations one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(operation, { minLength: 1, maxLength: 8 }), { maxLength: 5 }), (batches) => {
        const one = freshStore()
        const many = freshStore()
        for (const operations of batches) {
          const expected = operations.map((each) => settled(() => each(one.store)))
          const outcomes = many.store.batch(operations.map((each) => () => each(many.store)))
          const got = outcomes.map((outcome) => ('error' in outcome ? { error: String(outcome.error) } : outcome))
          expect(got).toEqual(expected)
        }
        one.store.settle()
        many.store.settle()
        expect(content(many.connection)).toEqual(content(one.connection))
        one.connection.close()
        many.connection.close()
      }),
      { numRuns: 300, seed: 11 },
    )
  })

  const learn =
    (store: LearningStore, reward: number, state = 's'): (() => unknown) =>
    () =>
      store.agentOf('a').learn({ state, action: 'x', reward, terminated: true })

  test('is one commit', () => {
    const { store, commits } = freshStore()
    store.batch(Array.from({ length: 100 }, (_, i) => learn(store, i)))
    expect(commits()).toBe(1)
    expect(store.experiences.count()).toBe(100)
  })

  test('with an invalid argument is still one commit', () => {
    const { store, commits } = freshStore()
    const outcomes = store.batch([learn(store, 1), learn(store, Number.NaN), learn(store, 2)])
    expect(commits()).toBe(1)
    expect(outcomes[1]).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } })
    expect(store.experiences.count()).toBe(2)
  })

  test('with an operation that fails after writing is run again one by one, without that operation', () => {
    const { store, commits } = freshStore()
    const huge = learn(store, Number.MAX_VALUE, 'huge')
    store.batch(Array.from({ length: 3 }, () => huge))
    const before = { experiences: store.experiences.count(), commits: commits() }
    store.agent('a', { learningRate: 1, discountFactor: 1 })
    const over = () =>
      store.agentOf('a').learn({ state: 'huge', action: 'x', reward: Number.MAX_VALUE, nextState: 'huge' })
    const outcomes = store.batch([learn(store, 1), over, over, learn(store, 2)])
    expect(outcomes.map((outcome) => 'error' in outcome)).toEqual([false, true, true, false])
    expect(store.experiences.count()).toBe(before.experiences + 2)
    expect(commits()).toBe(before.commits + 3)
  })

  test('that fails as a whole fails each operation by itself', () => {
    const { store, connection } = freshStore()
    connection.checkWritable = (statements) => {
      if (statements.length > 6) throw new Error('Too much')
    }
    const outcomes = store.batch([learn(store, 1), learn(store, 2), learn(store, 3), learn(store, 4)])
    expect(outcomes.every((outcome) => 'result' in outcome)).toBe(true)
    expect(store.experiences.count()).toBe(4)
  })
})
