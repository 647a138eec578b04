import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { isOurs } from '../../src/sql/check.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate, migrations, schemaVersion } from '../../src/sql/migrations.ts'

const engine = await nodeEngine()
const steps = [['CREATE TABLE a (x)'], ['CREATE TABLE b (x)', 'INSERT INTO b VALUES (1)'], ['CREATE TABLE c (x)']]
const tables = (connection: Connection): string[] =>
  connection.all<[string]>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(([name]) => name)

test('migrate runs each missing step once', () => {
  const connection = new Connection(engine)
  expect(migrate(connection, steps.slice(0, 1))).toBe(1)
  expect(migrate(connection, steps)).toBe(2)
  expect(migrate(connection, steps)).toBe(0)
  expect(tables(connection)).toEqual(['a', 'b', 'c'])
  expect(schemaVersion(connection)).toBe(3)
  expect(connection.all('SELECT x FROM b')).toEqual([[1]])
})

test('migrate runs all steps or none', () => {
  const connection = new Connection(engine)
  migrate(connection, steps.slice(0, 1))
  const broken = [...steps.slice(0, 2), ['CREATE TABLE d (x)', 'CREATE TABLE a (x)']]
  expect(() => migrate(connection, broken)).toThrow('already exists')
  expect(tables(connection)).toEqual(['a'])
  expect(schemaVersion(connection)).toBe(1)
})

test('migrate refuses a later schema', () => {
  const connection = new Connection(engine)
  migrate(connection, steps)
  expect(() => migrate(connection, steps.slice(0, 2))).toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_NEW' }))
})

test('migrate sets the application id', () => {
  const connection = new Connection(engine)
  expect(isOurs(connection.export())).toBe(false)
  migrate(connection)
  expect(isOurs(connection.export())).toBe(true)
})

test('version 6 takes the type of the oldest task for that of the states that name none', () => {
  const connection = new Connection(engine)
  migrate(connection, migrations.slice(0, 5))
  const state = (id: string): string => `{"attempts":0,"complexity":0.${id.length}}`
  const rows = [
    ['other', 'chat', '"a text"'],
    ['tester', 'none', '"a text"'],
    ['tester', 'unit', state('tester')],
    ['tester', 'e2e', state('tester')],
  ]
  for (const id of ['other', 'tester', 'new']) {
    connection.run(
      `INSERT INTO learning_agents (agent_id, type, algorithm, learning_rate, discount_factor, exploration_rate, exploration_decay,
        min_exploration_rate, current_exploration_rate, experience_count, random_state, created_at, updated_at)
        VALUES (?, 'agent', 'q-learning', 0.1, 0.95, 0.3, 1, 0.01, 0.3, 0, '', '', '')`,
      [id],
    )
  }
  for (const [i, [agentId = '', type = '', text = '']] of rows.entries()) {
    connection.run(
      `INSERT INTO learning_experiences (experience_id, agent_id, task_type, state, action, reward, next_state, timestamp)
        VALUES (?, ?, ?, ?, '"a"', 1, 'null', '2026-01-01 00:00:00')`,
      [`e${i}`, agentId, type, text],
    )
  }
  migrate(connection)
  expect(connection.all('SELECT agent_id, default_task_type FROM learning_agents ORDER BY agent_id')).toEqual([
    ['new', ''],
    ['other', ''],
    ['tester', 'unit'],
  ])
})

test.each(migrations.map((_, i) => i + 1))('a file of the released schema %i is migrated', (version) => {
  const bytes = readFileSync(join(import.meta.dirname, '..', 'fixtures', `schema-${version}.db`))
  const connection = new Connection(engine, bytes)
  expect(schemaVersion(connection)).toBe(version)
  migrate(connection)
  const fresh = new Connection(engine)
  migrate(fresh)
  const shape = 'SELECT type, name, sql FROM sqlite_schema ORDER BY type, name'
  expect(connection.all(shape)).toEqual(fresh.all(shape))
  // What the fixture was made with: one agent that learned once.
  expect(connection.all('SELECT agent_id, q_value, visits FROM q_values')).toEqual([['fixture', 0.1, 1]])
})
