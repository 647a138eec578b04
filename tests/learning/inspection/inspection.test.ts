import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import type { LearningStore } from '../../../src/learning/learning-store.ts'
import { nodeEngine } from '../../../src/runtime/node/engine.ts'
import { type Commit, Connection } from '../../../src/sql/connection.ts'
import { migrate } from '../../../src/sql/migrations.ts'
import { completeStore } from '../../complete-store.ts'
import { experienceFiltersContract } from '../experiences/experience-filters-contract.ts'
import { inspectionContract } from './inspection-contract.ts'

experienceFiltersContract('local', () => openLearningStore({ storage: 'memory:', seed: 7 }))
inspectionContract('local', () => openLearningStore({ storage: 'memory:', seed: 7 }))

const engine = await nodeEngine()
let ids = 0
function made(): { connection: Connection; store: LearningStore } {
  const connection = new Connection(engine)
  migrate(connection)
  const store = completeStore(connection, { now: () => 0, newId: () => `id-${ids++}`, seed: 1 })
  const agent = store.agent('one', { algorithm: 'double-q-learning' })
  for (const state of ['s', 't', 'u']) agent.learn({ state, action: 'a', reward: 1, terminated: true })
  store.agent('two').learn({ state: { a: 1, b: 'x' }, action: 'a', reward: 1, nextState: 't' })
  return { connection, store }
}

const fragments = fc.constantFrom(
  'SELECT',
  'WITH x AS (',
  'VALUES (1)',
  'EXPLAIN',
  'QUERY PLAN',
  'PRAGMA',
  'DELETE FROM q_values',
  ')',
  '(',
  ';',
  'INSERT INTO store_meta VALUES (1, 2)',
  'UPDATE q_values SET q_value = 9',
  'DROP TABLE q_values',
  '*',
  'FROM',
  'query_only=OFF',
  'query_only',
  '=OFF',
  '=1',
  'user_version=9',
  'journal_mode=WAL',
  'writable_schema=ON',
  'main.',
  "ATTACH ':memory:' AS y",
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT inner',
  'RELEASE inner',
  'VACUUM',
  'REINDEX',
  '--',
  '/*',
  '*/',
  '\n',
  ' ',
  "'",
  '"',
  '`',
  '[',
  ']',
  ',',
  '1',
  'q_values',
  'x',
  'optimize(pattern_fts)',
  'pattern_fts',
  'pragma_optimize(65538)',
  'pragma_incremental_vacuum',
  'RETURNING *',
  'UNION SELECT 1',
  '?',
  '\0',
  'CREATE TABLE z (a)',
  'REPLACE INTO q_values (id) VALUES (1)',
  'incremental_vacuum',
  'optimize',
  'shrink_memory',
)

test('no text that is passed to query changes a byte of the store, or breaks it', () => {
  const { connection, store } = made()
  const bytes = connection.export()
  const anyText = fc.array(fc.oneof({ weight: 6, arbitrary: fragments }, fc.string({ maxLength: 4 })), { maxLength: 9 })
  const joined = fc.tuple(anyText, fc.constantFrom('', ' ')).map(([parts, between]) => parts.join(between))
  const likely = joined.map((text) => `WITH x AS (SELECT 1) ${text}`)
  fc.assert(
    fc.property(fc.oneof(joined, likely), (text) => {
      try {
        store.query(text, [], { limit: 5 })
      } catch (error) {
        expect(error).toMatchObject({
          name: 'StoreError',
          code: expect.stringMatching(/^(SQL_ERROR|INVALID_ARGUMENT)$/),
        })
      }
      expect(Buffer.compare(connection.export(), bytes)).toBe(0)
    }),
    { numRuns: 2_000, seed: 1 },
  )
  expect(connection.inTransaction).toBe(false)
  store.agent('two').learn({ state: 'after', action: 'a', reward: 1, terminated: true })
  expect(store.verify()).toEqual({ ok: true, findings: [] })
})

const PATTERN = `INSERT INTO test_patterns (id, pattern_type, framework, code_signature_hash, code_signature,
  test_template, metadata) VALUES ('p', 'unit', 'jest', 'h', '{}', '{}', '{"name":"Guard"}')`
const indexed = (name: string, framework = 'jest'): string =>
  `INSERT INTO pattern_fts (pattern_id, pattern_name, framework, pattern_type) VALUES ('p', '${name}', '${framework}', 'unit')`

const NUMBERED = "INSERT INTO pattern_documents (docid, pattern_id) VALUES (1, 'p')"

test('verify finds nothing if the text index agrees with the test patterns, and changes no byte', () => {
  const { connection, store } = made()
  for (const sql of [PATTERN, NUMBERED, indexed('Guard')]) connection.run(sql, [])
  const bytes = connection.export()
  expect(store.verify()).toEqual({ ok: true, findings: [] })
  expect(Buffer.compare(connection.export(), bytes)).toBe(0)
})

const EXPERIENCES = "WHERE name = 'learning_experiences'"
test.each<[what: string, detail: string, sql: readonly string[]]>([
  ['values', 'no finite number (1): one: s / a', ["UPDATE q_values SET q_value = 9e999 WHERE state_key = 's'"]],
  ['values', 'no finite number (1): one: s / a', ["UPDATE q_values SET q_value = 'much' WHERE state_key = 's'"]],
  ['values', 'no finite number (3)', ['UPDATE double_q_values SET second_value = -9e999']],
  ['values', 'visits below 0 (1)', ["UPDATE q_values SET visits = -1 WHERE agent_id = 'two'"]],
  ['values', 'without its value (1): one: s / a', ["DELETE FROM q_values WHERE state_key = 's'"]],
  [
    'experiences',
    'reward is no finite number (4): one: 1; one: 2; one: 3, ...',
    ['UPDATE learning_experiences SET reward = 9e999'],
  ],
  ['experiences', 'no JSON (1): one: 2', ["UPDATE learning_experiences SET state = '{' WHERE id = 2"]],
  ['agents', 'out of its range (1): one', ["UPDATE learning_agents SET learning_rate = 2 WHERE agent_id = 'one'"]],
  ['agents', 'out of its range (2): one; two', ["UPDATE learning_agents SET algorithm = 'dqn'"]],
  ['agents', 'never recorded (1): one', ["INSERT INTO linear_models VALUES ('one', 1000000, x'00')"]],
  ['agents', 'no count (1): two', ["UPDATE learning_agents SET experience_count = -1 WHERE agent_id = 'two'"]],
  ['agents', 'cannot go on (2)', ["UPDATE learning_agents SET random_state = 'x'"]],
  [
    'references',
    'agent is not in the store (2): two (learning_experiences); two (q_values)',
    ["DELETE FROM learning_agents WHERE agent_id = 'two'"],
  ],
  [
    'references',
    'test pattern that is not in the store (1): gone (test_pattern_usage)',
    ["INSERT INTO test_pattern_usage (pattern_id, project_id) VALUES ('gone', 'j')"],
  ],
  ['keys', 'cannot be read (1): a:1|', ["UPDATE q_values SET state_key = 'a:1|' WHERE agent_id = 'two'"]],
  ['text index', 'lacks, or knows otherwise (1): p', [PATTERN]],
  ['text index', 'lacks, or knows otherwise (1): p', [PATTERN, NUMBERED, indexed('Other')]],
  ['text index', 'lacks, or knows otherwise (1): p', [PATTERN, NUMBERED, indexed('Guard', 'mocha')]],
  ['text index', 'lacks, or knows otherwise (1): p', [PATTERN, indexed('Guard')]],
  ['text index', 'without a test pattern of its own (1): p', [indexed('Guard')]],
  ['text index', 'without a test pattern of its own (1): p', [PATTERN, NUMBERED, indexed('Guard'), indexed('Guard')]],
  ['text index', 'malformed inverted index', [PATTERN, NUMBERED, indexed('Guard'), 'DELETE FROM pattern_fts_segdir']],
  [
    'schema',
    'missing: q_values_by_agent_id_state_key_action_key',
    ['DROP INDEX q_values_by_agent_id_state_key_action_key'],
  ],
  [
    'schema',
    'row ids of learning_experiences',
    [`UPDATE sqlite_sequence SET seq = 9223372036854775807 ${EXPERIENCES}`],
  ],
  ['schema', 'row ids of learning_experiences', [`UPDATE sqlite_sequence SET seq = 0 ${EXPERIENCES}`]],
  ['schema', 'row ids of learning_experiences', [`UPDATE sqlite_sequence SET seq = -5 ${EXPERIENCES}`]],
  ['schema', 'row ids of learning_experiences', [`UPDATE sqlite_sequence SET seq = 'many' ${EXPERIENCES}`]],
  ['schema', 'the trigger spy', ['CREATE TRIGGER spy AFTER INSERT ON q_values BEGIN SELECT 1; END']],
])('verify finds %s: %s', (what, detail, statements) => {
  const { connection, store } = made()
  for (const sql of statements) connection.execute(sql)
  const { ok, findings } = store.verify()
  expect(ok).toBe(false)
  expect(findings).toEqual([{ what, detail: expect.stringContaining(detail) }])
})

test('verify finds damaged pages, and continues with the other checks', () => {
  const { connection } = made()
  for (let i = 0; i < 400; i++)
    connection.run('INSERT INTO store_meta (key, value) VALUES (?, ?)', [`k${i}`, 'x'.repeat(90)])
  const bytes = connection.export()
  const [root = 0] = connection.get<[number]>("SELECT rootpage FROM sqlite_schema WHERE name = 'store_meta'") ?? []
  bytes.fill(0xee, (root - 1) * 4096 + 8, (root - 1) * 4096 + 40)
  const broken = completeStore(new Connection(engine, bytes), { now: () => 0, newId: () => '', seed: 1 })
  const { findings } = broken.verify()
  expect(new Set(findings.map(({ what }) => what))).toEqual(new Set(['pages']))
})

test('tables of other programs are listed too, whatever their names', async () => {
  const { connection, store } = made()
  connection.execute('CREATE TABLE "odd "" name" (x)')
  connection.execute('CREATE VIEW broken AS SELECT * FROM missing')
  expect(store.tables()).toContainEqual({
    name: 'odd " name',
    kind: 'table',
    rowCount: 0,
    columns: [{ name: 'x', type: '' }],
  })
})

test('queries leave no prepared statement behind', () => {
  const { store } = made()
  for (let i = 0; i < 20_000; i++) store.query(`SELECT ${i}`)
  expect(store.query('SELECT 1').rows).toEqual([[1]])
})

test('rebuildTextIndex repairs any fault of the index', () => {
  const { connection, store } = made()
  const codes = ['a', 'b', 'c']
  for (const name of codes) {
    const metadata = { name: `Guard ${name}`, description: 'Refuses edges', tags: ['api', name, 'edge case'] }
    store.testPatterns.upsert({
      patternType: 'unit',
      framework: 'jest',
      codeSignature: name,
      testTemplate: {},
      metadata,
    })
  }
  expect(store.verify()).toEqual({ ok: true, findings: [] })
  const search = (): unknown[] =>
    ['guard', 'edges', 'api', '"edge case"', 'b'].map((text) => store.testPatterns.search(text))
  const before = search()
  const text = 'SELECT pattern_id, pattern_name, description, tags, framework, pattern_type FROM pattern_fts ORDER BY 1'
  const rows = store.query(text).rows
  for (const sql of ["UPDATE pattern_fts SET tags = 'other'", 'DELETE FROM pattern_documents WHERE docid = 2']) {
    connection.execute(sql)
  }
  connection.execute('DELETE FROM pattern_fts_segdir')
  expect(store.verify().ok).toBe(false)
  expect(store.testPatterns.rebuildTextIndex()).toBe(codes.length)
  expect(store.verify()).toEqual({ ok: true, findings: [] })
  expect(store.query(text).rows).toEqual(rows)
  expect(new Set(search().map((hits) => JSON.stringify(hits)))).toEqual(
    new Set(before.map((hits) => JSON.stringify(hits))),
  )
})

test('resetting an agent, disabling it and rebuilding the text index replay to the same bytes', () => {
  const { connection, store } = made()
  const snapshot = connection.export()
  const commits: Commit[] = []
  connection.onCommit = (commit) => commits.push(commit)
  for (const name of ['b', 'a']) {
    const metadata = { name, tags: ['x', 'y'] }
    store.testPatterns.upsert({
      patternType: 'unit',
      framework: 'jest',
      codeSignature: name,
      testTemplate: {},
      metadata,
    })
  }
  store.agent('two').setLearningEnabled(false)
  store.resetAgent('one')
  store.testPatterns.rebuildTextIndex()
  store.agent('one').learn({ state: 's', action: 'a', reward: 1, terminated: true })
  const again = new Connection(engine, snapshot)
  again.startAt((commits[0]?.sequence ?? 0) - 1)
  for (const commit of commits) again.replay(commit)
  expect(commits.length).toBeGreaterThan(4)
  expect(Buffer.compare(again.export(), connection.export())).toBe(0)
})
