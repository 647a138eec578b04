// Stores into which another program wrote: invalid rows are skipped and counted, all others are imported.
import { expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection } from '../../src/sql/connection.ts'

const engine = await nodeEngine()

/** The file of a store in which one agent learned once, after these statements. */
async function tampered(...statements: readonly string[]): Promise<Uint8Array> {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent('a')
  await agent.learn({ state: 1, action: 'x', reward: 1, terminated: true })
  await store.learningMetrics.add({ agentId: 'a', metricType: 'quality', metricValue: 1 })
  const connection = new Connection(engine, await store.snapshot())
  for (const statement of statements) connection.execute(statement)
  const bytes = connection.export()
  connection.close()
  return bytes
}

const LOOSE_METRICS = `DROP TABLE learning_metrics;
  CREATE TABLE learning_metrics (id INTEGER PRIMARY KEY, agent_id TEXT, metric_type TEXT, metric_value REAL, timestamp TEXT);
  INSERT INTO learning_metrics VALUES (1, 'a', 'bogus', 1, 't'), (2, 'a', 'quality', NULL, 't'), (3, 'a', 'quality', 5, 't')`
const LOOSE_PATTERNS = `DROP TABLE test_patterns;
  CREATE TABLE test_patterns (id, pattern_type, framework, language, code_signature, test_template, metadata, version);
  INSERT INTO test_patterns VALUES (5, 'unit', 'jest', 'typescript', '"s"', '{}', '{}', '1.0.0'),
    ('bad', 'unit', 'jest', 'typescript', 'no JSON', '{}', '{}', '1.0.0')`

test.each<[string, readonly string[], { readonly [what: string]: number }]>([
  ['a value that is no number', ['UPDATE q_values SET q_value = 9e999, visits = -5.5'], {}],
  ['a key that cannot be read', ["UPDATE q_values SET state_key = 'a:b|a:b|'"], {}],
  ['an experience that is no JSON', ["UPDATE learning_experiences SET state = '{'"], { learning_experiences: 1 }],
  ['a probability above 1', ['UPDATE learning_experiences SET behavior_probability = 17'], {}],
  ['a time that is none', ['UPDATE learning_experiences SET timestamp = NULL'], {}],
  ['an agent without a name', ["UPDATE learning_experiences SET agent_id = ''"], { learning_experiences: 1 }],
  ['a metric of an unknown type', [LOOSE_METRICS], { learning_metrics: 2 }],
  ['a test pattern that is no JSON', [LOOSE_PATTERNS], { test_patterns: 1 }],
  ['a configuration out of its range', ['UPDATE learning_agents SET learning_rate = 7, planning_steps = 1e9'], {}],
  [
    'a table that is a view',
    ['DROP TABLE hints; CREATE VIEW hints AS SELECT 1 AS key, 2 AS value, 3 AS created_at'],
    {},
  ],
])('imports a store with %s', async (_, statements, skipped) => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 2 })
  const agent = await store.agent('mine')
  await agent.learn({ state: 2, action: 'y', reward: 0.5, terminated: true })
  const report = await store.importFile(await tampered(...statements))
  expect(Object.fromEntries(report.skipped.map(({ what, count }) => [what, count]))).toEqual(skipped)
  expect(await store.verify()).toEqual({ ok: true, findings: [] })
  expect(await store.values.get('mine', 2)).toEqual([{ action: 'y', value: 0.05, visits: 1 }])
})
