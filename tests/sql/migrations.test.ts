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
